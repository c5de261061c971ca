using Granary.Grains.Members;
using Orleans.Serialization;

namespace Granary.Silo.Content;

/// <summary><c>POST /{key}/call</c>: what edges ask a silo directly when Orleans does not get through, in Orleans' own encoding.</summary>
internal static class MemberCallRoute
{
    // A thousand URLs to be purged are the largest thing in a call.
    private const int MostBytes = 2 << 20;

    public static readonly ContentRoute Route = new("POST", "/call", Answer);

    private static async Task Answer(HttpContext context)
    {
        if (context.Request.ContentLength is not (> 0 and <= MostBytes) || context.RequestServices.GetService<MemberCalls>() is not { } calls)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        try
        {
            await Answer(context, calls, context.RequestServices.GetRequiredService<Serializer>());
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The edge has gone.
        }
    }

    private static async Task Answer(HttpContext context, MemberCalls calls, Serializer serializer)
    {
        var content = new byte[(int)context.Request.ContentLength!];
        await context.Request.Body.ReadExactlyAsync(content, context.RequestAborted);
        var call = serializer.Deserialize<MemberCall>(content)!;
        var reply = serializer.SerializeToArray(await calls.Do(call, context.RequestAborted));
        context.Response.ContentLength = reply.Length;
        await context.Response.Body.WriteAsync(reply, context.RequestAborted);
    }
}
