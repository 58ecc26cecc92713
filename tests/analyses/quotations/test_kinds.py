"""What many kinds of news hold, each kind varied: what is said, by whom, and where it ends; all made up for this."""

import pytest
from hypothesis import given, settings, strategies as st

from workbench.analyses.entities.table import entities
from workbench.analyses.quotations.repairs import Repairs
from workbench.analyses.quotations.table import quotations, sources
from workbench.documents.document import Document
from workbench.language import tokens

# By kind, texts, each with what is said there (pieces joined by " … ") and the last word of who says it.
KINDS: dict[str, list[tuple[str, dict[str, str]]]] = {
    "a clause ends before what its speaker does next": [
        (
            "The minister said the plan would work but warned it would take years.",
            {"the plan would work": "minister", "it would take years": "minister"},
        ),
        (
            "Finance chief Mark Oduya told analysts on a call that orders were strong, but warned that the dollar "
            "would hurt margins.",
            {"that orders were strong": "Oduya", "that the dollar would hurt margins": "Oduya"},
        ),
        (
            "Deputy CM Ajit Rane said that the matter is sub judice and refused to comment further.",
            {"that the matter is sub judice": "Rane"},
        ),
        (
            "The foundation welcomed the decision to keep the site away from the reserve, but said it would “watch the "
            "dredging closely”.",
            {"it would “watch the dredging closely”": "foundation"},
        ),
        (
            "Hale said that the vote was fair, adding that nobody had complained.",
            {"that the vote was fair": "Hale", "that nobody had complained": "Hale"},
        ),
    ],
    "a clause goes on to all of its ends": [
        (
            "The bank said that it would close nine branches and that forty people would go.",
            {"that it would close nine branches and that forty people would go": "bank"},
        ),
        (
            "Reyes said she had warned the board in May and it had done nothing.",
            {"she had warned the board in May and it had done nothing": "Reyes"},
        ),
    ],
    "those who are told": [
        ("“We are done here,” Ana Reyes told the Harbour Times.", {"“We are done here,”": "Reyes"}),
        (
            "Ann Lee told analysts on a call that the contract promised “four nines” of reliability.",
            {"that the contract promised “four nines” of reliability": "Lee"},
        ),
        ("Ana Reyes told reporters that the strike was over.", {"that the strike was over": "Reyes"}),
        (
            "Ruddock warned his Six Nations rivals that his team could improve.",
            {"that his team could improve": "Ruddock"},
        ),
        ("The striker assured the fans he would stay.", {"he would stay": "striker"}),
        (
            "Chief executive Helen Achebe told investors demand had “fallen off a cliff”.",
            {"demand had “fallen off a cliff”": "Achebe"},
        ),
        ("“Go home,” the police officer told Smith.", {"“Go home,”": "officer"}),
        (
            "“They hit us,” Olena Marchuk, a chemist whose shop was hit, told Newswire by telephone.",
            {"“They hit us,”": "Marchuk"},
        ),
        ("Mr Lee was told by Ann Roe that he must go.", {"that he must go": "Roe"}),
    ],
    "who is accused says nothing": [
        ("The chef was accused of stealing a van.", {}),
        ("Two men were charged with setting fire to the barn.", {}),
        ("Roe pleaded guilty to fraud and was fined £400.", {}),
        ("Roe, 41, of Leeds, denies murder and two counts of fraud.", {}),
    ],
    "who is asked or told to say it has not said it": [
        ("The judge told the witness to say what she had seen.", {"to say what she had seen": "judge"}),
        (
            "The judge had warned them not to speculate about why Mr Bram had not given evidence.",
            {"not to speculate about why Mr Bram had not given evidence": "judge"},
        ),
        ("The minister was forced to admit that the figures were wrong.", {"that the figures were wrong": "minister"}),
        (
            "The firm calls itself “the quiet carrier”. Its owner declined to say whether it backs the board.",
            {"“the quiet carrier”": "firm"},
        ),
    ],
    "in the words of, as somebody puts it": [
        (
            "The plan was, in the words of one colleague, “a gift to the other side”.",
            {"“a gift to the other side”": "colleague"},
        ),
        (
            "In the words of the mayor, Ines Duarte, the bridge is “a promise in steel”.",
            {"the bridge is “a promise in steel”": "Duarte"},
        ),
        ("The merger is, in the chairman’s own words, “a second chance”.", {"“a second chance”": "chairman"}),
        ("As Ms Hall put it, the town had been sold a dream.", {"the town had been sold a dream": "Hall"}),
        ("It was a mess, as one aide put it.", {"It was a mess": "aide"}),
        ("“We are,” as Lee puts it, “out of time.”", {"“We are,” … “out of time.”": "Lee"}),
        ("Moss put it this way: “We are tired.”", {"“We are tired.”": "Moss"}),
        ("Moss put it bluntly: “We are tired.”", {"“We are tired.”": "Moss"}),
        ("He put it on the table. They put it in the bin as the rain began. Lee put it in these words: go.", {}),
        ("She told the story in her own words.", {}),
    ],
    "whom the sentence before a quotation names last speaks": [
        (
            "“That is for upstairs,” said Jim Darrow.\n\nThe late call left captain Kofi Grant cross. “I do not know "
            "what they want us to do.”",
            {"“That is for upstairs,”": "Darrow", "“I do not know what they want us to do.”": "Grant"},
        ),
    ],
    "a heading is not of whoever spoke before it": [
        (
            "The minister says there were “isolated incidents” at two stations.\n\n00:15 GMT\n"
            "'We are not going anywhere'\nUnion deputy Clara Vines tells Channel 6 that the party will fight on.",
            {
                "there were “isolated incidents” at two stations": "minister",
                "'We are not going anywhere'": "",
                "that the party will fight on": "Vines",
            },
        ),
    ],
    "who laughs or shrugs beside words in marks says them": [
        ("“It is what it is,” Moss shrugs.", {"“It is what it is,”": "Moss"}),
        ("Roe sighs. “I am tired.”", {"“I am tired.”": "Roe"}),
        ("Hill smiled, leaving it to his niece to speak. She laughed when he fell.", {}),
    ],
    "both halves of a quotation that its speaker interrupts": [
        ("They parted; “amicably”, she would say, “and by post”.", {"“amicably” … “and by post”": "she"}),
        ("“Never”, he said, “not once”.", {"“Never” … “not once”": "he"}),
        ("“Slowly,” said Ann Moss, “and with great care.”", {"“Slowly,” … “and with great care.”": "Moss"}),
    ],
    "whom a letter greets does not speak": [
        ("Sir, The council claims that cyclists never stop.", {"that cyclists never stop": "council"}),
        ("Madam, The minister says that the bill will pass.", {"that the bill will pass": "minister"}),
        ("Dear Mr Roe, “Think before you print,” says the letter.", {"“Think before you print,”": "letter"}),
    ],
    "a rank before a name, a place before the first sentence": [
        ("The body was found at noon, according to Lt. Paul Reese.", {"The body was found at noon": "Reese"}),
        (
            "Drains left open\n\nMumbai: The high court on Friday pulled up the city, observing that drains were open.",
            {"that drains were open": "court"},
        ),
        (
            "The counsel submitted that tenders had been floated. She submitted a plan.",
            {"that tenders had been floated": "counsel"},
        ),
    ],
    "nobody says what only tells which thing is meant": [
        ("She swears by an app that rings a bell.", {}),
        (
            "He said that the money was there, a claim that officials could not confirm.",
            {"that the money was there": "He"},
        ),
        ("Now he says that he will go.", {"that he will go": "he"}),
    ],
    "titles are no speech": [
        ("She wrote “Long Shadow” in a month.", {}),
        ("He read “Emma” twice and sang “Danny Boy” to the crowd.", {}),
        ("Hill starred in “The Harbour” and directed “Low Water”.", {}),
        ("He is survived by his wife, Joan, and two sons. He wrote “The Long Ebb” in 1971.", {}),
        ("The messages were sent to a group called “Valley Boys” in January.", {}),
        ("The sign read “Keep Out”.", {"“Keep Out”": "sign"}),
        ("The fans sang “We shall not be moved from here.”", {"“We shall not be moved from here.”": "fans"}),
    ],
    "a question, its speaker behind": [
        ('"Why?" asked the boy.', {'"Why?"': "boy"}),
        ('"Is it safe to swim?" asked Ann Lee, a nurse.', {'"Is it safe to swim?"': "Lee"}),
        ("“Who did this!” shouted the coach.", {"“Who did this!”": "coach"}),
        (
            "“Why now?” asked the girl. “Because it is late,” her mother answered.",
            {"“Why now?”": "girl", "“Because it is late,”": "mother"},
        ),
    ],
    "somebody known by age": [
        ("Callum Haines was arrested. The 52-year-old told officers he had not slept.", {"he had not slept": "old"}),
        ("“I closed my eyes and hit it,” the 19-year-old said.", {"“I closed my eyes and hit it,”": "old"}),
        ("The 34-year-old said that she would appeal.", {"that she would appeal": "old"}),
    ],
    "what is not said": [
        ("The report does not mention that the dam leaked.", {}),
        ("Moss did not say whether he would stand.", {}),
        ("Hale did not say that the mill was safe.", {}),
        ("Nobody said that it would be easy.", {}),
        ("The White House declined to say whether the call took place.", {}),
    ],
    "in obituaries": [
        (
            "Margery Holt, who has died aged 91, used to say that a garden was never finished.",
            {"that a garden was never finished": "Holt"},
        ),
        ("“She never raised her voice,” recalled her pupil Ravi Menon.", {"“She never raised her voice,”": "Menon"}),
        ("In her memoir she wrote that she had been happiest in Fez.", {"that she had been happiest in Fez": "she"}),
    ],
    "in match reports": [
        ("Brent beat Harlow 2-1 on Saturday, Haines scoring the winner from the spot.", {}),
        ("“I thought we were poor,” admitted the Harlow manager, Jim Dale.", {"“I thought we were poor,”": "Dale"}),
        ("The referee pointed to the spot and showed Haines a red card.", {}),
        ("Haines claimed his fifth wicket and called for a drink.", {}),
        ("Asked about the red card, Dale said: “No comment.”", {"“No comment.”": "Dale"}),
    ],
    "in reports of companies": [
        (
            "Brightwell expects revenue to grow by 4% next year.",
            {"revenue to grow by 4% next year": "Brightwell"},
        ),
        ("The company reported a loss of £4m and cut its dividend.", {}),
        ("Analysts had forecast earnings of 12p a share.", {}),
        ("Sales rose 3%, the retailer said in a statement on Tuesday.", {"Sales rose 3%": "retailer"}),
    ],
    "in letters": [
        ("Sir, The mayor says the bus is late.\nJohn Cole, Ely", {"the bus is late": "mayor"}),
        (
            "Readers wrote to us.\n“The bus never comes on a Sunday.”\n— Ann Lee, 43, Ely",
            {"“The bus never comes on a Sunday.”": "Lee"},
        ),
    ],
    "at briefings": [
        (
            "The State Department spokeswoman said she would not get ahead of the president.",
            {"she would not get ahead of the president": "spokeswoman"},
        ),
        (
            "A senior official, who spoke on condition of anonymity, said the talks had stalled.",
            {"the talks had stalled": "official"},
        ),
    ],
    "in court": [
        ("Prosecutors alleged Roe had lied under oath.", {"Roe had lied under oath": "prosecutors"}),
        ("Sentencing him, Judge Ann Hale said: “You showed no remorse.”", {"“You showed no remorse.”": "Hale"}),
        ("The judge ordered him to pay costs.", {"him to pay costs": "judge"}),
    ],
    "in press releases": [
        (
            "“We are thrilled to open our doors in Hull,” said Tom Reid, chief executive of Nordhavn Energy.",
            {"“We are thrilled to open our doors in Hull,”": "Reid"},
        ),
        ("Nordhavn Energy today announced the appointment of Tom Reid as chair.", {}),
        ("Forward-looking statements include words such as “believe”, “expect” and “plan”.", {}),
        ("For more information, visit the site or call Ann Lee.", {}),
        (
            "Ines Duarte, sales director of the Lisbon group, reports good results as the year ends: As we near the "
            "end of the year, we have doubled our sales. We are glad of it.",
            {"As we near the end of the year, we have doubled our sales. We are glad of it.": "Duarte"},
        ),
    ],
    "in Indian English": [
        (
            "The state has enough vaccine for two weeks, Health Minister Ravi Rao informed the Assembly.",
            {"The state has enough vaccine for two weeks": "Rao"},
        ),
        ("The court observed that the police had acted in haste.", {"that the police had acted in haste": "court"}),
        ("The opposition slammed the government over the price of onions.", {}),
        ("“No one will be spared,” asserted Mr Rao while addressing a rally.", {"“No one will be spared,”": "Rao"}),
        (
            "Police said that prima facie it appears to be a case of suicide.",
            {"that prima facie it appears to be a case of suicide": "police"},
        ),
    ],
    "in British English": [
        (
            "A Home Office spokesman said: ‘We do not comment on single cases.’",
            {"‘We do not comment on single cases.’": "spokesman"},
        ),
        ("Mr Khan told the BBC it was “a bit of a shambles”.", {"it was “a bit of a shambles”": "Khan"}),
        (
            "Downing Street has insisted the prime minister did not know.",
            {"the prime minister did not know": "Street"},
        ),
        ("It is understood the pair have been sacked.", {}),
        ("The council apologised, saying the bins would be emptied.", {"the bins would be emptied": "council"}),
    ],
    "in headlines": [
        ("Brexit will cost jobs, says Moss\nIt rained.", {"Brexit will cost jobs": "Moss"}),
        ("Moss: I will not quit\nIt rained.", {"I will not quit": "Moss"}),
        ("Most voters back the tax: poll\nIt rained.", {"Most voters back the tax": "poll"}),
        ("Man accused of arson walks free\nIt rained.", {}),
        ("Gulls are eating our chips, residents say\nIt rained.", {"Gulls are eating our chips": "residents"}),
        ("Firm denies it knew of leak\nIt rained.", {"it knew of leak": "firm"}),
    ],
    "what somebody writes": [
        ("The minister resigned, writing that he had been misled.", {"that he had been misled": "minister"}),
        (
            "“I am out,” Haines posted on Instagram, writing: “Thank you all.”",
            {"“I am out,”": "Haines", "“Thank you all.”": "Haines"},
        ),
        ("Writing in the Guardian, Ann Lee said the plan was a farce.", {"the plan was a farce": "Lee"}),
        ("In a post, writing about the fire, Ann Lee called it “a farce”.", {"“a farce”": "Lee"}),
        ("He wrote: “I am sorry about the boat.”", {"“I am sorry about the boat.”": "he"}),
    ],
    "a mark that was lost, lines that are cited": [
        (
            "It rained.\nI will try to tell you more this year, and to explain it,” she wrote in May.",
            {"I will try to tell you more this year, and to explain it,”": "she"},
        ),
        (
            "She has letters from the mayor:\n> Dear Ann, thank you so much.\n> Dear Ann, we have no room.\nRain fell.",
            {"> Dear Ann, thank you so much. … > Dear Ann, we have no room.": "mayor"},
        ),
    ],
    "what a court hears is nobody's": [
        (
            "The court heard that Marsh had driven through the village.",
            {"that Marsh had driven through the village": ""},
        ),
        ("The inquest heard how the boy fell from the roof.", {"how the boy fell from the roof": ""}),
        ("Ann Lee told the court that Marsh had lied.", {"that Marsh had lied": "Lee"}),
        ("The inquest was told the nurse had warned managers.", {"the nurse had warned managers": ""}),
        ("Jurors were told the nurse had warned a colleague.", {"the nurse had warned a colleague": ""}),
        ("Mr Cole was told that the nurse had warned the ward.", {"that the nurse had warned the ward": ""}),
    ],
    "a headline with capitals": [
        ("Acme Says It Will Cut Jobs As Demand Slows\n\nIt rained.", {"It Will Cut Jobs As Demand Slows": "Acme"}),
        ("Greenfield Foods Opens New Plant In Derby\n\nIt rained.", {}),
    ],
    "what came of the words is the journalist's": [
        (
            "Acme Corp said it would cut 400 jobs, sending its shares down 4%.",
            {"it would cut 400 jobs": "Corp"},
        ),
        ("Mr Lowe told MPs the talks had broken down, prompting jeers.", {"the talks had broken down": "Lowe"}),
        (
            "Lee alleged that the party was playing politics, while Arun Jain hit back.",
            {"that the party was playing politics": "Lee"},
        ),
        (
            "The Mill Association estimates that a week without boats would cost £2m, and it has asked for buses.",
            {"that a week without boats would cost £2m": "Association"},
        ),
        (
            "Lena Moe cautioned that costs could rise, weighing on margins.",
            {"that costs could rise, weighing on margins": "Moe"},
        ),
    ],
    "a rating, a title and a nickname are nobody's words": [
        ("Of twelve analysts, five have a “buy” rating on the shares and two recommend “sell”.", {}),
        (
            'Analyst Lena Fox said the shares were "cheap" and upgraded them to "buy" from "hold".',
            {'the shares were "cheap"': "Fox"},
        ),
        ("Known to friends as “Mags”, she wrote a memoir, “A Life in Green”.", {}),
    ],
    "a programme's name is nobody's words": [
        ("Mr Pence said on CNN's “State of the Union.”", {}),
        (
            "“It is a broad brush,” Moe said on the channel’s “Morning Post.” He smiled.",
            {"“It is a broad brush,”": "Moe"},
        ),
        ("On “Meet the Town,” Moe said that he would stay.", {"that he would stay": "Moe"}),
        ("Lee Moe, host of “The Early Hour,” said that it rained.", {"that it rained": "Moe"}),
        ("Ms Reed told MSNBC's “Early Joe” that nobody would leave.", {"that nobody would leave": "Reed"}),
    ],
    "before a colon": [
        ("Mr Khan, speaking in Leeds: “It was late.”", {"“It was late.”": "Khan"}),
        ("Anna Reed of the union: “We will strike.”", {"“We will strike.”": "Reed"}),
        ("Tweet of the day: “Nobody likes rain.”", {"“Nobody likes rain.”": "tweet"}),
        ("A statement from the club: “We thank Mr Lee.”", {"“We thank Mr Lee.”": "club"}),
        ("A lesson from Lorna Lynch: “Be the voice that people hear.”", {"“Be the voice that people hear.”": "Lynch"}),
    ],
    "in lists of what readers write, each signed": [
        (
            f"We asked the fans.\n\n“I am ashamed of them.”{dash}Jacklyn Moss{between}“The owner treats fans as "
            f"fools.”{dash}Élise O'Hara{between}“He has no idea.”{dash}Carlos J. Raúl\n\nThe club did not comment.",
            {
                "“I am ashamed of them.”": "Moss",
                "“The owner treats fans as fools.”": "O'Hara",
                "“He has no idea.”": "Raúl",
            },
        )
        for dash, between in [("―", "\n"), (" ― ", "\n"), (" ―\xa0", " "), ("--", "\n\n"), ("—", " "), (" -", "\n")]
    ],
    "what is a part of a clause is said with it": [
        (
            "The summit did “too little,” he added. “Without change, Europe risks a lot.”",
            {"The summit did “too little,” … “Without change, Europe risks a lot.”": "he"},
        ),
        (
            "The answers so far are “not meeting the demand,” says Paul Rieck, its founder. “We compare it to the "
            "early days of the epidemic.”",
            {
                "The answers so far are “not meeting the demand,” … “We compare it to the early days of the "
                "epidemic.”": "Rieck"
            },
        ),
        ("The talks were long. “Nobody will leave,” she said.", {"“Nobody will leave,”": "she"}),
    ],
    "what a conjunction joins before the speaker is the journalist's": [
        ("The town is old and, Moss said, it is poor.", {"it is poor": "Moss"}),
        ("He resigned because, she said, he was ill.", {"he was ill": "she"}),
        (
            "Cable firms are bound to grow at some time and, according to a spokesman, are in a better position.",
            {"are in a better position": "spokesman"},
        ),
        ("But, she said, prices fell.", {"prices fell": "she"}),
        (
            "The council's leader, Jo Byrne, said the closure was “deeply sad” and, she added, it was avoidable.",
            {"the closure was “deeply sad”": "Byrne", "it was avoidable": "Byrne"},
        ),
    ],
    "a sentence in marks behind a sentence is said": [
        (
            "The firm's accounts show a loss of £4.2m. Administrators said that no buyer had come forward. “We looked "
            "everywhere.” The site will be sold.",
            {"that no buyer had come forward": "Administrators", "“We looked everywhere.”": "Administrators"},
        ),
        (
            "Prices will rise, Lee said. “The other factor is money.”",
            {"Prices will rise": "Lee", "“The other factor is money.”": "Lee"},
        ),
        (
            "Mr Schiff said the council may not act before June. “It may take years.” The vote is on Monday.",
            {"the council may not act before June": "Schiff", "“It may take years.”": "Schiff"},
        ),
        (
            "Officials may not act while talks go on, Ms Moss said. “Would you want that?”",
            {"Officials may not act while talks go on": "Moss", "“Would you want that?”": "Moss"},
        ),
        ("Lee was late, Moss said.\n\n“Coal Isn't the Villain.”\n\nIt rained.", {"Lee was late": "Moss"}),
    ],
    "where it was printed is no part of it": [
        ("Mrs Hall says that trams are too slow (Letters, 3 May).", {"that trams are too slow": "Hall"}),
        ("Your reader claims that trams are slow (“Trams fail”, 28 April).", {"that trams are slow": "reader"}),
    ],
}
EACH = [(kind, *case) for kind, cases in KINDS.items() for case in cases]


@pytest.mark.parametrize(("kind", "text", "expected"), EACH, ids=[text[:40] for _, text, _ in EACH])
def test_what_is_said_and_by_whom(kind, text, expected):
    table = quotations(Document.from_text(text))
    spoken = table[table["kind"] != "scare"].groupby("quotation", sort=False)
    found = {" … ".join(rows["text"]): rows["speaker_entity"].iloc[0] for _, rows in spoken}
    assert list(found) == list(expected), kind
    last = [(speaker.lower().replace("-", " ").split() or [""])[-1] for speaker in found.values()]
    assert last == [speaker.lower() for speaker in expected.values()]


def test_entities_and_sources_agree_on_who_is_meant():
    document = Document.from_text(
        "Anna Berg and Peter Berg own the mill. Mrs Berg said that the mill was safe. Mr Berg said that it was not."
    )
    spoken = sources(document)
    named = entities(document)
    assert spoken["speaker_entity"].tolist() == ["Anna Berg", "Peter Berg"] == named["entity"].tolist()[-2:]


WORDS = "The 52-year-old man officers told warned said says he had slept the mill that was safe and but , risks easing"


@given(st.lists(st.sampled_from(WORDS.split()), min_size=4, max_size=20))
@settings(max_examples=100, deadline=None)
def test_a_mended_parse_is_still_a_tree(words):
    mended = Repairs(tokens(Document.from_text(f"{' '.join(words)}.")))
    for token in range(len(mended.head)):
        passed = {token}
        while mended.head[token] != token:
            token = mended.head[token]
            assert token not in passed
            passed.add(token)
    assert all(child in mended.children[head] for child, head in enumerate(mended.head) if child != head)


def test_nothing_is_hung_on_what_hangs_on_it():
    mended = Repairs(tokens(Document.from_text("The captain told officers that he had slept.")))
    root = next(token for token, head in enumerate(mended.head) if head == token)
    mended._hang(root, mended.children[root][0], "nsubj")
    assert mended.head[root] == root
