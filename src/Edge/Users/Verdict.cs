namespace Granary.Edge.Users;

/// <summary>What credentials have turned out to be.</summary>
internal abstract record Verdict
{
    /// <summary>Nobody's, as far as is known. Why, the client is not told.</summary>
    public static readonly Verdict Wrong = new NotOne();

    /// <summary>Too many wait for their verification.</summary>
    public static readonly Verdict Busy = new NotOne();

    private Verdict()
    {
    }

    /// <param name="For">How long it will be so, where that is known.</param>
    public sealed record Right(ClientIdentity Who, TimeSpan? For = null) : Verdict;

    private sealed record NotOne : Verdict
    {
        public bool Equals(NotOne? other) => ReferenceEquals(this, other);

        public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
    }
}
