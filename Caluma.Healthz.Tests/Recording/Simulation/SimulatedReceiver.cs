using System.Net;
using Caluma.Healthz.Notifications;

namespace Caluma.Healthz.Tests.Recording.Simulation;

/// <summary>Takes what is posted to the webhook, which may fail, be late, or be taken without a word.</summary>
internal sealed class SimulatedReceiver(SimulatedWorld world, SimulatedProcess process, SimulatedFaults faults, Announcements taken)
    : HttpMessageHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        world.RequireThread();
        var delivery = request.Headers.GetValues(Webhook.DeliveryHeader).Single();
        var fault = faults.Next("post");
        process.HasHadFault |= fault.IsAny;
        world.Trace(process, fault.IsAny ? $"posts ({fault})" : "posts", delivery);
        var (run, answer) = (process.Runs, new TaskCompletionSource<HttpResponseMessage>());
        using var given = cancellationToken.UnsafeRegister(_ => answer.TrySetCanceled(cancellationToken), null);
        world.After(fault.Arrives, null, () =>
        {
            for (var times = fault.Times; times > 0; times--)
            {
                taken.Hear(process, delivery, run);
            }

            if (fault.Answers is { } answers)
            {
                world.After(answers, process, () => Answer(fault, answer));
            }
        });
        return await answer.Task;
    }

    private static void Answer(SimulatedFault fault, TaskCompletionSource<HttpResponseMessage> answer)
    {
        if (fault.Exception is { } exception)
        {
            answer.TrySetException(new HttpRequestException(HttpRequestError.ResponseEnded, exception.Message));
        }
        else
        {
            answer.TrySetResult(new HttpResponseMessage(fault.Times == 0 ? HttpStatusCode.BadGateway : HttpStatusCode.OK));
        }
    }
}
