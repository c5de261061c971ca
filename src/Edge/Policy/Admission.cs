using System.Net;
using Granary.Edge.Errors;
using Granary.Edge.Inspection;
using Granary.Edge.Policy.Bandwidth;
using Granary.Edge.Routing;
using Granary.Edge.Rules.Limits;
using Granary.Edge.Tunnels;
using Granary.Edge.Users;
using Granary.Grains.Origin;
using Granary.Grains.Origin.Addresses;
using Granary.Semantics.Messages;
using Granary.Silo.Configuration.Values;
using Microsoft.AspNetCore.Http.Features;

namespace Granary.Edge.Policy;

/// <summary>
/// The policy at work: (1) judge  (2) if a rule asks for them, resolve the addresses, and judge again  (3) tell  (4) take from the rule's limit, and find the client's pace.
/// </summary>
internal sealed class Admission(PolicyInForce policy, GuardedConnect connect, RateLimits limits, PolicyMeter meter, TimeProvider clock, ILogger<Admission> logger)
{
    private readonly Paces _paces = new(clock);

    /// <summary>There is a policy.</summary>
    public bool IsOn => policy.Current is not null;

    /// <summary>Of a forward request: in absolute-form, in a stream of HTTP/2, or in a tunnel that is inspected.</summary>
    /// <param name="uri">The target URI, as it is looked up.</param>
    public ValueTask<Admitted> Admit(HttpContext context, string uri)
    {
        // What the cache leaves out of a query an origin may still be asked for.
        var (target, stream) = (context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget, ForwardStream.Of(context));
        uri = (stream is null ? TargetUri.Effective("http", "", target) : TargetUri.Effective(stream.Scheme, context.Request.Host.Value ?? "", target)) ?? uri;
        var way = InspectedTunnel.Of(context)?.Way is { } tunnel ? WayOf(tunnel) : PolicyWay.Http;
        return Admit(PolicyRequest.OfUri(context.Connection.RemoteIpAddress, context.Features.Get<ClientIdentity>(), context.Request.Method, uri, clock.GetUtcNow(), way), mayInspect: false, context.RequestAborted);
    }

    /// <param name="mayInspect">Else a rule that inspects allows it.</param>
    public ValueTask<Admitted> Admit(IPAddress? client, ClientIdentity? user, TunnelWay way, TunnelTarget target, CancellationToken cancellationToken, bool mayInspect = true) =>
        Admit(PolicyRequest.OfTunnel(client, user, WayOf(way), target.Host, target.Port, clock.GetUtcNow()), mayInspect, cancellationToken);

    private static PolicyWay WayOf(TunnelWay way) => way is TunnelWay.Socks4 or TunnelWay.Socks5 ? PolicyWay.Socks : PolicyWay.Connect;

    private async ValueTask<Admitted> Admit(PolicyRequest request, bool mayInspect, CancellationToken cancellationToken)
    {
        if (policy.Current is not { } current) return new Admitted.In(null, null);
        var judgment = current.Judge(request);                                                          // (1)
        if (judgment.Verdict is Verdict.NeedsAddresses)
        {
            try
            {
                request.Addresses = await connect.ResolveAsync(request.Asked, cancellationToken);       // (2)
            }
            catch (OriginConnectException fault)
            {
                return new Admitted.Refused(new ForwardError.Origin(OriginError.From(fault)));
            }

            judgment = current.Judge(request);
        }

        Tell(judgment, request);                                                                        // (3)
        return judgment.Verdict switch
        {
            Verdict.Inspect when mayInspect => new Admitted.In(request.Addresses, null, null, judgment.Rule.Title) { Inspects = true },
            Verdict.Allow or Verdict.Inspect or Verdict.Splice => Limited(judgment.Rule, request),      // (4)
            Verdict.Redirect => new Admitted.Redirected(judgment.Rule.Settings.To!, judgment.Rule.Settings.Status, judgment.Rule.Title),
            _ => new Admitted.Refused(new ForwardError.PolicyDenied(judgment.Rule.Title)),
        };
    }

    private void Tell(Judgment judgment, PolicyRequest request)
    {
        meter.Add(judgment);
        if (judgment is { Verdict: Verdict.Allow, Rule.Settings.Log: false }) return;
        var level = judgment.Rule.Settings.Log ? LogLevel.Information : LogLevel.Debug;
        if (logger.IsEnabled(level))
            logger.Judged(level, judgment.Verdict, judgment.Rule.Title, Shown(request.User), request.From, request.Way, request.Host ?? "an unreadable host", request.Port);
    }

    private Admitted Limited(PolicyRule rule, PolicyRequest request)
    {
        if (rule.Settings is { Limit: null, Bandwidth: 0 }) return new Admitted.In(request.Addresses, null, Rule: rule.Title) { From = rule.Settings.EgressFrom };
        var client = request.User is { } user ? ClientKey.OfUser(user.Name) : ClientKey.Of(request.From);
        var permit = default(IDisposable);
        return rule.Settings.Limit is { } name && limits.Take(name, client, out permit) is { } seconds
            ? new Admitted.Refused(new ForwardError.RateLimited(seconds)) : new Admitted.In(request.Addresses, permit, _paces.Of(rule, client), rule.Title) { From = rule.Settings.EgressFrom };
    }

    // Whoever gives names to users may give them any.
    private static string Shown(ClientIdentity? user) =>
        user is null ? "-" : string.Concat(user.Name.Take(128).Select(static c => char.IsControl(c) ? '?' : c));
}
