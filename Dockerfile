# Rasad in a container: built in one stage, run in another as a user without rights.
FROM python:3.12.12-slim-bookworm AS build
WORKDIR /build
COPY requirements.txt ./
RUN python -m venv /opt/rasad && /opt/rasad/bin/pip install --no-cache-dir --require-hashes -r requirements.txt
COPY pyproject.toml README.md LICENSE ./
COPY persian persian
COPY crawler crawler
COPY storage storage
COPY alerts alerts
COPY service service
RUN /opt/rasad/bin/pip install --no-cache-dir --no-deps .

FROM python:3.12.12-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /data rasad && install -d -o rasad /data
COPY --from=build /opt/rasad /opt/rasad
ENV PATH=/opt/rasad/bin:$PATH PYTHONUNBUFFERED=1 RASAD_DATA_FOLDER=/data
USER rasad
WORKDIR /data
VOLUME /data
EXPOSE 8765
ENTRYPOINT ["rasad"]
CMD ["run"]
