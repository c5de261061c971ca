using System.Security.Authentication;
using Granary.Edge.Layer4.Hello;

namespace Granary.Edge.Inspection;

/// <summary>Why a tunnel that was to be inspected came to nothing.</summary>
internal enum InspectionFault
{
    /// <summary>It does not begin with TLS, and the settings want that.</summary>
    NotTls,

    /// <summary>No ClientHello that could be read.</summary>
    Malformed,

    TooLong,

    /// <summary>The client has said nothing, or not all, in its time.</summary>
    TimedOut,

    /// <summary>It has left before it was shown anything.</summary>
    Incomplete,

    /// <summary>It asks for another name by TLS than it has asked the proxy for.</summary>
    OtherName,

    /// <summary>There is no certificate for the host.</summary>
    NoCertificate,

    /// <summary>Too many handshakes are under way.</summary>
    Busy,

    /// <summary>The client does not take the certificate, or has left when it was shown it: it does not know the authority, or knows the one that it wants.</summary>
    NotAccepted,

    /// <summary>The handshake has failed otherwise.</summary>
    Handshake,

    /// <summary>After the handshake the client has left without a request, as those do that look at the certificate only then.</summary>
    NothingAsked,
}

internal static class InspectionFaults
{
    public static InspectionFault Of(HelloFault why) => why switch
    {
        HelloFault.TimedOut => InspectionFault.TimedOut,
        HelloFault.Incomplete => InspectionFault.Incomplete,
        HelloFault.TooLong => InspectionFault.TooLong,
        _ => InspectionFault.Malformed,
    };

    /// <summary>What a handshake has thrown. RFC 8446 §6.2: the client tells by an alert what it does not like about a certificate; what it is called there is the platform's text.</summary>
    public static InspectionFault Of(Exception thrown)
    {
        if (thrown is not AuthenticationException) return InspectionFault.NotAccepted; // the alert is lost where a reset overtakes it
        for (var e = thrown; e is not null; e = e.InnerException)
            if (e.Message.Contains(" alert ", StringComparison.Ordinal) && (e.Message.Contains("certificate", StringComparison.Ordinal) || e.Message.Contains("unknown ca", StringComparison.Ordinal))) return InspectionFault.NotAccepted;
        return InspectionFault.Handshake;
    }
}
