using System.Net;
using Granary.Grains.Origin.Addresses;

namespace Granary.Grains.Egress.Dialing;

/// <summary>What became of the attempts to connect to one host: each for the log, all together for the client, who is told of no address.</summary>
internal sealed class Attempts(string host, ILogger logger)
{
    private readonly List<OriginConnectException> _failed = [];

    public void Failed(IPEndPoint to, OriginConnectException fault, TimeSpan after)
    {
        _failed.Add(fault);
        logger.NotConnected(host, to, fault.Fault, after);
    }

    /// <summary>Time that ran out says that it might have been done; a refusal, that somebody is there.</summary>
    public OriginConnectException Exception()
    {
        var telling = _failed.MaxBy(static failed => Weight(failed.Fault))!;
        return new OriginConnectException(telling.Fault, telling.InnerException) { Tried = _failed.Count > 1 ? Told() : null };
    }

    private string Told() =>
        $"{_failed.Count} addresses tried: {string.Join(", ", _failed.CountBy(static failed => failed.Fault).OrderByDescending(static each => Weight(each.Key)).Select(static each => $"{each.Value} {Word(each.Key)}"))}";

    private static int Weight(ConnectFault fault) => fault switch
    {
        ConnectFault.SourceUnusable => 4,
        ConnectFault.ConnectTimedOut => 3,
        ConnectFault.ConnectionRefused => 2,
        _ => 1,
    };

    private static string Word(ConnectFault fault) => fault switch
    {
        ConnectFault.SourceUnusable => "without a way from here",
        ConnectFault.ConnectTimedOut => "silent",
        ConnectFault.ConnectionRefused => "refused",
        _ => "unreachable",
    };
}
