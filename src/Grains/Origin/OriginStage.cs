namespace Granary.Grains.Origin;

/// <summary>How far the exchange with the origin had come.</summary>
public enum OriginStage
{
    Access,
    Resolve,
    Connect,
    Secure,
    Request,
    Head,
    Content,
    Internal,
}
