using System.Net;
using System.Security.Cryptography.X509Certificates;
using Granary.Edge.Access;
using Granary.Edge.Errors;
using Granary.Edge.Inspection;
using Granary.Edge.Users.Bearer;
using Granary.Edge.Users.Passwords;
using Granary.Silo.Configuration;
using Microsoft.Extensions.Primitives;

namespace Granary.Edge.Users;

/// <summary>
/// Who a client of the forward proxy is, by whichever way it comes: (1) whoever may not use it at all is not asked  (2) what it says has to be right  (3) its certificate says it
/// (4) else it is nobody, where that is enough.
/// </summary>
internal sealed class ForwardUsers(ClientAccess access, Func<UserSettings> settings, UserFiles files, BearerTokens tokens, UserMeter meter)
{
    /// <summary>Nobody is asked, and nothing that anybody says is looked at.</summary>
    public bool IsOff => settings() is { Required: false, File: null, Certificates: CertificateUser.Off, Bearer: { Authority: null, Keys: null } };

    /// <summary>Whether clients have passwords here.</summary>
    public bool HavePasswords => settings().File is not null;

    public bool AreRequired => settings().Required;

    /// <summary>Of a forward request. From then on who it is stands beside the request, and what it said of it does not. In a tunnel it is whoever has opened that.</summary>
    /// <returns>Why it is refused.</returns>
    public ValueTask<ForwardError?> Admit(HttpContext context) => IsOff || InspectedTunnel.Of(context) is not null ? default : Ask(context);

    /// <param name="said">Proxy-Authorization.</param>
    /// <param name="shown">A certificate that the handshake has accepted.</param>
    public ValueTask<Identified> Of(IPAddress? client, StringValues said, X509Certificate2? shown) =>
        IsOff || access.ToForward(client) is not null ? new(Identified.Nobody) : Of(ProxyCredentials.Read(said), shown);                    // (1)

    /// <summary>Of a client that says so in another way.</summary>
    public ValueTask<Identified> Of(IPAddress? client, ProxyCredentials said, X509Certificate2? shown) =>
        IsOff || access.ToForward(client) is not null ? new(Identified.Nobody) : Of(said, shown);

    private async ValueTask<ForwardError?> Ask(HttpContext context)
    {
        var identified = await Of(context.Connection.RemoteIpAddress, context.Request.Headers.ProxyAuthorization, context.Connection.ClientCertificate);
        context.Request.Headers.Remove("Proxy-Authorization");
        if (identified is Identified.Refused(var why)) return why;
        if (identified is Identified.As({ } who)) context.Features.Set(who);
        return null;
    }

    private async ValueTask<Identified> Of(ProxyCredentials said, X509Certificate2? shown)
    {
        var now = settings();
        if (ReferenceEquals(said, ProxyCredentials.None)) return Silent(now, shown);                                                        // (3), (4)
        var verdict = said switch                                                                                                           // (2)
        {
            ProxyCredentials.Basic(var token68) when now.File is not null => await files.Verify(token68),
            ProxyCredentials.Bearer(var token) when BearerTokens.AreTaken(now.Bearer) => await tokens.Verify(token),
            _ => Verdict.Wrong,
        };
        meter.Add(verdict is Verdict.Right ? UserOutcome.Known : ReferenceEquals(verdict, Verdict.Busy) ? UserOutcome.Busy : UserOutcome.Wrong);
        if (verdict is Verdict.Right(var who, _)) return new Identified.As(who);
        return new Identified.Refused(ReferenceEquals(verdict, Verdict.Busy) ? ForwardError.Overloaded : Challenge(now, isInvalid: said is ProxyCredentials.Bearer));
    }

    private Identified Silent(UserSettings now, X509Certificate2? shown)
    {
        var name = shown is null || now.Certificates is CertificateUser.Off ? null : CertificateUsers.NameIn(shown, now.Certificates);
        meter.Add(name is not null ? UserOutcome.Known : now.Required ? UserOutcome.Asked : UserOutcome.Nobody);
        if (name is not null) return new Identified.As(files.Table.IdentityOf(name));
        return now.Required ? new Identified.Refused(Challenge(now, isInvalid: false)) : Identified.Nobody;
    }

    private static ForwardError.Unidentified Challenge(UserSettings settings, bool isInvalid) => new(Challenges.Of(settings, isInvalid));
}
