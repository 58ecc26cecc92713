# JupyterLab on the project, for a user who is not root: the same steps as `make report` and `make lab`.
#   docker build -t news-workbench . && docker run -p 8888:8888 -v "$PWD/seeds:/home/reader/workbench/seeds" news-workbench
FROM python:3.12-slim
RUN apt-get update && apt-get install -y --no-install-recommends make && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home reader
USER reader
WORKDIR /home/reader/workbench
COPY --chown=reader . .
RUN make install
EXPOSE 8888
ENV LAB_ARGS="--ip=0.0.0.0 --no-browser"
CMD ["make", "lab"]
