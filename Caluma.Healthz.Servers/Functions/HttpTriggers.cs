using Caluma.Healthz.Servers.Functions.Protocol;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;

namespace Caluma.Healthz.Servers.Functions;

/// <summary>
/// The HTTP part of the host: a route without a function for the method is not found; then the key is checked (header before query); then
/// the function runs, with the request and the response in messages (FunctionInvocationMiddleware, AuthenticationLevelHandler and
/// GrpcMessageConversionExtensions of azure-functions-host).
/// </summary>
/// <param name="host">Runs the functions.</param>
/// <param name="key">The key of all functions.</param>
/// <param name="routePrefix">The route prefix of host.json.</param>
internal sealed class HttpTriggers(FunctionsHost host, string key, string routePrefix)
{
    public async Task AnswerAsync(HttpContext context)
    {
        var request = context.Request;
        var path = (request.Path.Value ?? "")[1..];
        path = path.EndsWith('/') ? path[..^1] : path;
        var function = host.Functions.FirstOrDefault(function =>
            function.IsHttp && function.Answers(request.Method) && Route(function).Equals(path, StringComparison.OrdinalIgnoreCase));
        if (function is null)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        var presented = request.Headers.TryGetValue("x-functions-key", out var header) ? header[0] : request.Query["code"].FirstOrDefault();
        if (!function.AuthLevel.Equals("Anonymous", StringComparison.OrdinalIgnoreCase) && presented != key)
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        try
        {
            var answer = await host.InvokeAsync(function, new TypedData { Http = Message(request) }, context.RequestAborted);
            await WriteAsync(answer!.Http, context.Response);
        }
        catch (WorkerException)
        {
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
        }
    }

    private string Route(LoadedFunction function) => routePrefix.Length == 0 ? function.Route : $"{routePrefix}/{function.Route}";

    private static RpcHttp Message(HttpRequest request)
    {
        var message = new RpcHttp { Method = request.Method, Url = request.GetEncodedUrl() };
        foreach (var (name, value) in request.Headers)
        {
            message.NullableHeaders[name.ToLowerInvariant()] = new NullableString { Value = $"{value}" };
        }

        foreach (var (name, value) in request.Query)
        {
            message.NullableQuery[name] = new NullableString { Value = $"{value}" };
        }

        return message;
    }

    private static async Task WriteAsync(RpcHttp message, HttpResponse response)
    {
        response.StatusCode = int.Parse(message.StatusCode, System.Globalization.CultureInfo.InvariantCulture);
        foreach (var (name, value) in message.Headers)
        {
            response.Headers[name] = value;
        }

        // For HEAD, Kestrel sends no body.
        await response.Body.WriteAsync((message.Body?.Bytes ?? ByteString.Empty).Memory);
    }
}
