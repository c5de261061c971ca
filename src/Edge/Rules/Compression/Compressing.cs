using Granary.Edge.Routing;
using Granary.Semantics.Fields;
using Granary.Semantics.Messages;
using Granary.Silo.Configuration;
using Microsoft.Extensions.Primitives;
using Yarp.ReverseProxy.Model;

namespace Granary.Edge.Rules.Compression;

/// <summary>
/// Compresses answers of the reverse proxy on their way out. What is stored stays as the origin sent it; each client's Accept-Encoding decides here, whatever the origin was asked.
/// </summary>
/// <param name="routes">Null where there are none.</param>
/// <param name="hasOrigin">One for all requests: then it is a reverse proxy without routes.</param>
internal sealed class Compressing(RouteTable? routes, bool hasOrigin, Func<CompressionSettings> settings, CompressedForms forms)
{
    /// <summary>An encoder takes some hundred kilobytes: when so many are at work, contents go out as they are.</summary>
    private const int MostEncoders = 512;

    private CompressionRules _rules = new(settings());
    private int _encoders;

    public CompressedForms Forms => forms;

    /// <summary>Nothing is compressed.</summary>
    public static Compressing Off()
    {
        var off = new CompressionSettings();
        return new Compressing(null, hasOrigin: false, () => off, new CompressedForms(static () => 0));
    }

    /// <param name="length">Of the content; null where it is not known yet.</param>
    public CodingChoice Choose(HttpContext context, ResponseHead head, long? length) =>
        RulesFor(context) is { } rules ? rules.Choose(head, length, Accepted(context.Request), MayBeCoded(context.Request)) : CodingChoice.None;

    /// <summary>The same for a head that is written already.</summary>
    public CodingChoice Choose(HttpResponse response)
    {
        if (RulesFor(response.HttpContext) is not { } rules) return CodingChoice.None;
        var fields = response.Headers.SelectMany(static field => field.Value.Select(value => new FieldLine(field.Key, value ?? "")));
        return rules.Choose(new ResponseHead(response.StatusCode, new FieldLines([.. fields])), response.ContentLength, Accepted(response.HttpContext.Request), MayBeCoded(response.HttpContext.Request));
    }

    /// <summary>Whether it concerns this request at all.</summary>
    public bool IsOnFor(HttpContext context) => RulesFor(context) is not null;

    /// <summary>From now on what is written as the response's content is coded.</summary>
    /// <returns>False when too much is being compressed already.</returns>
    public bool TryBegin(HttpContext context, ContentCoding coding, bool flushesEach)
    {
        if (Interlocked.Increment(ref _encoders) > MostEncoders)
        {
            Interlocked.Decrement(ref _encoders);
            return false;
        }

        CodedBody.Install(context, coding, flushesEach, () => Interlocked.Decrement(ref _encoders));
        return true;
    }

    private CompressionRules? RulesFor(HttpContext context)
    {
        var rules = Rules();
        var isOn = context.Features.Get<IReverseProxyFeature>() is { } proxy ? routes?.Of(proxy.Route).Compresses ?? rules.Settings.Enabled : hasOrigin && rules.Settings.Enabled;
        return isOn ? rules : null;
    }

    private CompressionRules Rules()
    {
        var (rules, now) = (_rules, settings());
        return ReferenceEquals(rules.Settings, now) ? rules : _rules = new CompressionRules(now);
    }

    private static string? Accepted(HttpRequest request) => request.Headers.AcceptEncoding is { Count: > 1 } lines ? string.Join(',', (IEnumerable<string?>)lines) : request.Headers.AcceptEncoding.ToString() is { Length: > 0 } line ? line : null;

    // A response to HTTP/1.0 has no other end than that of the connection. RFC 9111 §5.2.1.6: no-transform.
    private static bool MayBeCoded(HttpRequest request)
    {
        if (HttpProtocol.IsHttp10(request.Protocol)) return false;
        foreach (var line in request.Headers.CacheControl)
            if (line?.Contains("no-transform", StringComparison.OrdinalIgnoreCase) == true) return false;
        return true;
    }
}
