using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;

namespace EmptyWorker;

/// <summary>Answers, and does nothing else.</summary>
public static class EmptyFunction
{
    [Function("empty")]
    public static HttpResponseData Answer([HttpTrigger(AuthorizationLevel.Function, "get", Route = "empty")] HttpRequestData request) =>
        request.CreateResponse();
}
