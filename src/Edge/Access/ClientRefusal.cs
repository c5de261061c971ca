namespace Granary.Edge.Access;

/// <summary>Why a client may not do what it asks for.</summary>
public enum ClientRefusal
{
    /// <summary>Its address is not known, so no rule can let it in.</summary>
    AddressUnknown,

    /// <summary>Its address is not among those that may use the forward proxy.</summary>
    ForwardNotAllowed,

    /// <summary>Its address is not among those that may purge.</summary>
    PurgeNotAllowed,
}
