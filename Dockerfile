# The server as one native program, in an image without shell and package manager, as a user that is not root:
#
#   docker build --tag caluma-healthz .
#
# The program is for the processor that builds it.
# `dotnet publish Caluma.Healthz.Server -c Release -t:PublishContainer` makes the same image; a test holds the two together.

FROM mcr.microsoft.com/dotnet/sdk:10.0-noble-aot AS build
WORKDIR /source

# What a restore reads comes first, so that a change of the code alone restores nothing.
COPY .editorconfig global.json Directory.Build.props Directory.Packages.props ./
COPY Caluma.Healthz/Caluma.Healthz.csproj Caluma.Healthz/
COPY Caluma.Healthz.Server/Caluma.Healthz.Server.csproj Caluma.Healthz.Server/
RUN dotnet restore Caluma.Healthz.Server --use-current-runtime

COPY Caluma.Healthz/ Caluma.Healthz/
COPY Caluma.Healthz.Server/ Caluma.Healthz.Server/
RUN dotnet publish Caluma.Healthz.Server --no-restore --use-current-runtime --configuration Release --output /app

FROM mcr.microsoft.com/dotnet/runtime-deps:10.0-noble-chiseled
LABEL org.opencontainers.image.title="Caluma.Healthz" org.opencontainers.image.licenses="MIT"
WORKDIR /app
COPY --from=build /app .
USER 1654
EXPOSE 7071
ENTRYPOINT ["/app/caluma-healthz"]
CMD ["serve", "--urls", "http://*:7071"]
