using System.Diagnostics.CodeAnalysis;

namespace Granary.Grains.Origin.Addresses;

/// <summary>No connection to the origin. Its text may reach clients, so it names no address, host or port.</summary>
[SuppressMessage("Design", "CA1032", Justification = "Without a fault it would say nothing.")]
public sealed class OriginConnectException(ConnectFault fault, Exception? inner = null, AddressRefusal? refusal = null)
    : IOException(Sentence(fault), inner)
{
    public ConnectFault Fault { get; } = fault;

    /// <summary>With <see cref="ConnectFault.DestinationRefused"/>: what kind of address it was.</summary>
    public AddressRefusal? Refusal { get; } = refusal;

    /// <summary>What was done in vain, in words and numbers that may reach whoever asked.</summary>
    public string? Tried { get; init; }

    private static string Sentence(ConnectFault fault) => fault switch
    {
        ConnectFault.DestinationRefused => "The destination is refused by policy.",
        ConnectFault.NameNotResolved => "The origin's name could not be resolved.",
        ConnectFault.ConnectionRefused => "The origin refused the connection.",
        ConnectFault.ConnectTimedOut => "The origin did not accept the connection in time.",
        ConnectFault.SourceUnusable => "The proxy cannot use the address that it is told to connect from.",
        ConnectFault.ParentsUnavailable => "The next proxy on the way cannot be used.",
        ConnectFault.ParentRefused => "The next proxy on the way refused.",
        _ => "The origin could not be reached.",
    };
}
