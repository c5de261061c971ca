using System.Collections.Immutable;
using System.Text;
using Granary.Grains.Resources;
using Granary.Grains.Store;
using Granary.Silo.Configuration;
using Microsoft.Extensions.Primitives;
using Yarp.ReverseProxy.Model;

namespace Granary.Edge.Delivery.Hits;

/// <summary>
/// The answer to a plain request (<see cref="PlainRequest"/>) as it was made once, for all that ask the same: what was asked, and the head that left. Whether it may still be reused is decided anew for each request.
/// </summary>
/// <param name="Asked">By whom it may be used.</param>
/// <param name="Key">Of what is stored.</param>
/// <param name="Question">What is stored is asked this, and has nothing of one client but what was compared.</param>
/// <param name="Variants">What was chosen from: while it is stored, the same question selects the same response of it.</param>
/// <param name="Fields">Of the head, but for Age, Cache-Status and Content-Length.</param>
/// <param name="CacheStatuses">Those of caches nearer to the origin.</param>
internal sealed record PreparedHit(
    PreparedHit.Request Asked, string Key, Question Question, ImmutableArray<StoredVariant> Variants, int Status, string? Reason,
    ImmutableArray<KeyValuePair<string, StringValues>> Fields, StringValues CacheStatuses)
{
    private Moment? _moment;

    /// <summary>What changes once a second, as it was last; replaced as a whole.</summary>
    public Moment? Last
    {
        get => Volatile.Read(ref _moment);
        set => Volatile.Write(ref _moment, value);
    }

    /// <summary>RFC 9110 §15.4.5: there is a head only.</summary>
    public bool IsNotModified => Status == StatusCodes.Status304NotModified;

    /// <summary>Whether the origin has said when it made the response.</summary>
    public bool IsDated { get; } = Fields.Any(static field => field.Key.Equals("Date", StringComparison.OrdinalIgnoreCase));

    /// <param name="Host">As received, unnormalised; so is the target.</param>
    /// <param name="Condition">If-None-Match, as received.</param>
    /// <param name="Settings">Those in force: under others it is another answer.</param>
    /// <param name="Route">Likewise; null where no route of YARP took it.</param>
    /// <param name="Nominated">Request fields that the choice depended on, as received.</param>
    internal sealed record Request(string Scheme, string Host, string Target, StringValues Condition, GranarySettings Settings, RouteModel? Route, ImmutableArray<KeyValuePair<string, StringValues>> Nominated)
    {
        public bool Is(HttpRequest request, string target, GranarySettings settings, RouteModel? route)
        {
            if (!ReferenceEquals(Settings, settings) || !ReferenceEquals(Route, route) || target != Target || request.Headers.Host[0] != Host || request.Scheme != Scheme || !StringValues.Equals(request.Headers.IfNoneMatch, Condition)) return false;
            foreach (var (name, values) in Nominated)
                if (!StringValues.Equals(request.Headers[name], values)) return false;
            return true;
        }
    }

    /// <summary>What the head says at one moment.</summary>
    internal sealed record Moment(long Seconds, long? Ttl, StringValues Age, StringValues CacheStatus, DateTimeOffset Now)
    {
        private byte[]? _rest;

        /// <summary>The end of the head as bytes.</summary>
        /// <param name="isDated">The response has a date of its own; else it gets one (RFC 9110 §6.6.1).</param>
        public ReadOnlySpan<byte> Rest(bool isDated) => _rest ??= Encoding.Latin1.GetBytes(
            $"{(isDated ? "" : $"Date: {Now:R}\r\n")}Age: {Age}\r\n{string.Concat(CacheStatus.Select(static value => $"Cache-Status: {value}\r\n"))}\r\n");
    }
}
