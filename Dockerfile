# The server in an image without shell and package manager, as a user that is not root:
#
#   docker build --tag caluma-healthz .
#
# `dotnet publish Caluma.Healthz.Server -c Release -t:PublishContainer` makes the same image; a test holds the two together.

FROM --platform=$BUILDPLATFORM mcr.microsoft.com/dotnet/sdk:10.0-noble AS build
WORKDIR /source

# What a restore reads comes first, so that a change of the code alone restores nothing.
COPY .editorconfig global.json Directory.Build.props Directory.Packages.props ./
COPY Caluma.Healthz/Caluma.Healthz.csproj Caluma.Healthz/
COPY Caluma.Healthz.Server/Caluma.Healthz.Server.csproj Caluma.Healthz.Server/
RUN dotnet restore Caluma.Healthz.Server

COPY Caluma.Healthz/ Caluma.Healthz/
COPY Caluma.Healthz.Server/ Caluma.Healthz.Server/
# No program of the build's own processor: what is left runs on any.
RUN dotnet publish Caluma.Healthz.Server --no-restore --configuration Release --output /app -p:UseAppHost=false

FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled
WORKDIR /app
COPY --from=build /app .
USER 1654
EXPOSE 7071
ENTRYPOINT ["dotnet", "/app/caluma-healthz.dll"]
CMD ["serve", "--urls", "http://*:7071"]
