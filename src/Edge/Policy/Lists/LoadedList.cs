using Granary.Silo.Configuration;

namespace Granary.Edge.Policy.Lists;

/// <summary>A list of the settings, and what is known of it: at first nothing, then always the last that could be loaded. Rules look at it while it is replaced.</summary>
internal sealed class LoadedList(PolicyListSettings settings)
{
    private volatile Known? _now;

    public PolicyListSettings Settings => settings;

    public string Name => settings.Name!;

    public string Source => settings.File ?? settings.Url!;

    /// <summary>Null while it has never been loaded.</summary>
    public DomainList? Domains => _now?.Reading.Domains;

    public Known? Now => _now;

    /// <summary>Why the last attempt brought nothing; null if it did.</summary>
    public string? Failure { get; set; }

    /// <summary>What its source says of the state that is in force: the stamp of a file, the validators of an answer.</summary>
    public object? Version { get; set; }

    /// <summary>How its source looked when it was last looked at.</summary>
    public object? Seen { get; set; }

    /// <summary>When to look again, by the monotonic clock. Only the one who looks writes it.</summary>
    public long DueAt { get; set; }

    public void Becomes(ListReading reading, DateTimeOffset at) => _now = new Known(reading, at);

    /// <summary>The source says that it is still so.</summary>
    public void IsConfirmed(DateTimeOffset at) => _now = _now! with { At = at };

    /// <param name="At">When it was loaded, or last confirmed.</param>
    internal sealed record Known(ListReading Reading, DateTimeOffset At);
}
