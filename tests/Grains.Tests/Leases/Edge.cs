using Granary.Grains.Groups;
using Granary.Grains.Leases;
using Granary.Grains.Members;

namespace Granary.Grains.Tests.Leases;

/// <summary>
/// An edge that obeys decision 0009, in messages: what it sends is given to the test, which brings it to the silo and the answer back, or not. It holds numbers instead of responses.
/// </summary>
internal sealed class Edge(string name, TimeProvider clock)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Held> _held = [];
    private readonly Dictionary<string, int> _recalls = [];
    private GroupEpochs _epochs = new();
    private Poll? _asked;
    private long _session;
    private long _heard;
    private long _end = long.MinValue;

    public string Name => name;

    public long Session
    {
        get
        {
            lock (_gate) return _session;
        }
    }

    public Poll Polls()
    {
        lock (_gate) return _asked = new Poll(new MemberCall.Listen(name, _session, _heard), clock.GetTimestamp());
    }

    /// <summary>Only the answer to its last poll.</summary>
    public void Hears(Poll poll, MemberReply.Heard heard)
    {
        lock (_gate)
        {
            if (!ReferenceEquals(poll, _asked)) return;
            if (heard.Session != _session) LetGo();
            foreach (var recall in heard.Recalls) Applies(recall);
            _end = poll.Began + clock.After(heard.Duration) - clock.GetTimestamp();
            (_session, _heard) = (heard.Session, heard.Last);
        }
    }

    public Ask? Asks(string uri)
    {
        lock (_gate) return Lasts ? new Ask(new MemberCall.Lease(name, _session, uri, []), clock.GetTimestamp(), _recalls.GetValueOrDefault(uri)) : null;
    }

    /// <param name="version">Of what is granted.</param>
    /// <param name="since">The number at which its fetch began.</param>
    public void Takes(Ask ask, long version, long since)
    {
        lock (_gate)
        {
            if (!Lasts || ask.Call.Session != _session || _recalls.GetValueOrDefault(ask.Call.Uri) != ask.Recalls) return;
            _held[ask.Call.Uri] = new Held(version, Membership.Restored([], [], since), ask.Began + clock.After(LeaseOptions.HeldFor) - clock.GetTimestamp());
        }
    }

    /// <summary>What it would answer with; null if it would ask the owner.</summary>
    public long? Uses(string uri)
    {
        lock (_gate)
            return Lasts && _held.TryGetValue(uri, out var held) && clock.GetTimestamp() < held.Until && held.Membership.In(_epochs, uri) == Standing.Current ? held.Version : null;
    }

    /// <summary>Its line ends; a later one begins anew. The last word is that of the test to bring.</summary>
    public MemberCall.Listen Stops()
    {
        lock (_gate)
        {
            var last = new MemberCall.Listen(name, _session, _heard) { IsLast = true };
            LetGo();
            (_session, _heard, _end, _asked) = (0, 0, long.MinValue, null);
            return last;
        }
    }

    private bool Lasts => clock.GetTimestamp() < _end;

    private void LetGo()
    {
        _held.Clear();
        _epochs = new GroupEpochs();
    }

    private void Applies(Recall recall)
    {
        if (recall is Recall.Numbered numbered) _epochs.Invalidate(numbered.Scope, numbered.IsSoft, numbered.Number);
        else
            foreach (var uri in ((Recall.Uris)recall).Keys)
            {
                _recalls[uri] = _recalls.GetValueOrDefault(uri) + 1;
                _held.Remove(uri);
            }
    }

    internal sealed record Poll(MemberCall.Listen Call, long Began);

    internal sealed record Ask(MemberCall.Lease Call, long Began, int Recalls);

    private sealed record Held(long Version, Membership Membership, long Until);
}
