using Granary.Grains.Origin;

namespace Granary.Edge.Errors;

/// <summary>Where on its way a request failed.</summary>
public enum ErrorStage
{
    Client,
    Request,
    Access,
    Route,
    Cache,
    Resolve,
    Connect,
    Tls,
    Send,
    Head,
    Content,
    Internal,
}

/// <summary>Stages in words, and the origin's stages among ours.</summary>
internal static class ErrorStages
{
    private static readonly string[] Words = [.. Enum.GetNames<ErrorStage>().Select(name => name.ToLowerInvariant())];

    public static string Word(this ErrorStage stage) => Words[(int)stage];

    public static ErrorStage Of(OriginStage stage) => stage switch
    {
        OriginStage.Access => ErrorStage.Access,
        OriginStage.Resolve => ErrorStage.Resolve,
        OriginStage.Connect => ErrorStage.Connect,
        OriginStage.Secure => ErrorStage.Tls,
        OriginStage.Request => ErrorStage.Send,
        OriginStage.Head => ErrorStage.Head,
        OriginStage.Content => ErrorStage.Content,
        _ => ErrorStage.Internal,
    };
}
