using System.Collections.Concurrent;

namespace Granary.Silo.Admin;

/// <summary>
/// Whether this process should get requests. Each part that has to be there says so under its own name; the process is ready when it
/// has started and no part objects.
/// </summary>
public sealed class Readiness
{
    private readonly ConcurrentDictionary<string, string> _objections = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Func<string?>> _notes = new(StringComparer.Ordinal);
    private volatile bool _started;

    /// <summary>The start is over; stays so.</summary>
    public bool HasStarted => _started;

    public bool IsReady => _started && _objections.IsEmpty;

    /// <summary>What is missing, by part.</summary>
    public IReadOnlyCollection<KeyValuePair<string, string>> Objections => [.. _objections.OrderBy(o => o.Key, StringComparer.Ordinal)];

    /// <summary>What should be known and is no objection, by part.</summary>
    public IEnumerable<KeyValuePair<string, string>> Notes =>
        from note in _notes.OrderBy(static note => note.Key, StringComparer.Ordinal) let says = note.Value() where says is not null select KeyValuePair.Create(note.Key, says);

    public void Started() => _started = true;

    /// <summary>No requests, please. The reason is shown to everybody who asks for health: no addresses in it.</summary>
    public void NotReady(string part, string why) => _objections[part] = why;

    public void Ready(string part) => _objections.TryRemove(part, out _);

    /// <summary>Whatever it says while it is not null is shown to everybody who asks for health: no addresses in it.</summary>
    public void Note(string part, Func<string?> says) => _notes[part] = says;
}
