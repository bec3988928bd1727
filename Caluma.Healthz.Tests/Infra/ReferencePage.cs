namespace Caluma.Healthz.Tests.Infra;

/// <summary>A command of a reference page.</summary>
/// <param name="Command">Its words, such as <c>az group create</c>.</param>
/// <param name="Page">The address of the page.</param>
/// <param name="Options">The used options, which the page lists.</param>
internal sealed record ReferencePage(string Command, string Page, params string[] Options)
{
    private const string Azure = "https://learn.microsoft.com/cli/azure/";
    private const string Developer = "https://learn.microsoft.com/azure/developer/azure-developer-cli/reference#";

    /// <summary>Options that every command of the Azure CLI has.</summary>
    public static IReadOnlyList<string> EveryCommand { get; } = ["--output", "--query"];

    /// <summary>
    /// Each command of docs/deploy.md, docs/runbook.md, infra/ and the workflows. Add an option only after reading its page.
    /// </summary>
    public static IReadOnlyList<ReferencePage> All { get; } =
    [
        new("az login", $"{Azure}reference-index#az-login", "--federated-token", "--service-principal", "--tenant", "--username"),
        new("az account set", $"{Azure}account#az-account-set", "--subscription"),
        new("az account show", $"{Azure}account#az-account-show"),
        new("az ad app create", $"{Azure}ad/app#az-ad-app-create", "--display-name"),
        new("az ad app federated-credential create",
            $"{Azure}ad/app/federated-credential#az-ad-app-federated-credential-create", "--id", "--parameters"),
        new("az ad sp create", $"{Azure}ad/sp#az-ad-sp-create", "--id"),
        new("az bicep install", $"{Azure}bicep#az-bicep-install"),
        new("az deployment group create", $"{Azure}deployment/group#az-deployment-group-create",
            "--name", "--parameters", "--resource-group"),
        new("az deployment group show", $"{Azure}deployment/group#az-deployment-group-show", "--name", "--resource-group"),
        new("az deployment group what-if", $"{Azure}deployment/group#az-deployment-group-what-if", "--parameters", "--resource-group"),
        new("az extension add", $"{Azure}extension#az-extension-add", "--name"),
        new(
            "az functionapp config appsettings delete", $"{Azure}functionapp/config/appsettings#az-functionapp-config-appsettings-delete",
            "--name", "--resource-group", "--setting-names"),
        new(
            "az functionapp config appsettings set", $"{Azure}functionapp/config/appsettings#az-functionapp-config-appsettings-set",
            "--name", "--resource-group", "--settings"),
        new(
            "az functionapp deployment source config-zip",
            $"{Azure}functionapp/deployment/source#az-functionapp-deployment-source-config-zip",
            "--name", "--resource-group", "--src"),
        new(
            "az functionapp function keys delete", $"{Azure}functionapp/function/keys#az-functionapp-function-keys-delete",
            "--function-name", "--key-name", "--name", "--resource-group"),
        new(
            "az functionapp function keys set", $"{Azure}functionapp/function/keys#az-functionapp-function-keys-set",
            "--function-name", "--key-name", "--key-value", "--name", "--resource-group"),
        new("az functionapp keys delete", $"{Azure}functionapp/keys#az-functionapp-keys-delete",
            "--key-name", "--key-type", "--name", "--resource-group"),
        new("az functionapp keys list", $"{Azure}functionapp/keys#az-functionapp-keys-list", "--name", "--resource-group"),
        new(
            "az functionapp keys set", $"{Azure}functionapp/keys#az-functionapp-keys-set",
            "--key-name", "--key-type", "--key-value", "--name", "--resource-group"),
        new("az functionapp restart", $"{Azure}functionapp#az-functionapp-restart", "--name", "--resource-group"),
        new("az functionapp start", $"{Azure}functionapp#az-functionapp-start", "--name", "--resource-group"),
        new("az functionapp stop", $"{Azure}functionapp#az-functionapp-stop", "--name", "--resource-group"),
        new("az group create", $"{Azure}group#az-group-create", "--location", "--name"),
        new("az group delete", $"{Azure}group#az-group-delete", "--name"),
        new("az group show", $"{Azure}group#az-group-show", "--name"),
        new("az keyvault purge", $"{Azure}keyvault#az-keyvault-purge", "--name"),
        new("az keyvault recover", $"{Azure}keyvault#az-keyvault-recover", "--name"),
        new("az keyvault secret set", $"{Azure}keyvault/secret#az-keyvault-secret-set", "--name", "--value", "--vault-name"),
        new(
            "az monitor action-group test-notifications create",
            $"{Azure}monitor/action-group/test-notifications#az-monitor-action-group-test-notifications-create",
            "--action-group", "--add-action", "--alert-type", "--resource-group"),
        new(
            "az monitor alert-processing-rule create", $"{Azure}monitor/alert-processing-rule#az-monitor-alert-processing-rule-create",
            "--filter-alert-rule-id", "--name", "--resource-group", "--rule-type", "--schedule-end-datetime", "--schedule-start-datetime",
            "--schedule-time-zone", "--scopes"),
        new(
            "az monitor alert-processing-rule delete", $"{Azure}monitor/alert-processing-rule#az-monitor-alert-processing-rule-delete",
            "--name", "--resource-group"),
        new("az monitor log-analytics query", $"{Azure}monitor/log-analytics#az-monitor-log-analytics-query",
            "--analytics-query", "--workspace"),
        new("az provider register", $"{Azure}provider#az-provider-register", "--namespace"),
        new("az provider show", $"{Azure}provider#az-provider-show", "--namespace"),
        new("az resource show", $"{Azure}resource#az-resource-show", "--ids"),
        new("az role assignment create", $"{Azure}role/assignment#az-role-assignment-create", "--assignee", "--role", "--scope"),
        new("azd auth login", $"{Developer}azd-auth-login"),
        new("azd deploy", $"{Developer}azd-deploy"),
        new("azd down", $"{Developer}azd-down", "--purge"),
        new("azd env get-value", $"{Developer}azd-env-get-value"),
        new("azd env new", $"{Developer}azd-env-new"),
        new("azd env set", $"{Developer}azd-env-set"),
        new("azd up", $"{Developer}azd-up"),
    ];
}
