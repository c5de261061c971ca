using Granary.Grains.Groups;

namespace Granary.Grains.Tests.Groups;

internal static class Members
{
    public const string Uri = "http://example.org/page";

    public static bool IsInvalidated(this Membership member, GroupEpochs epochs) => member.In(epochs, Uri) == Standing.Invalidated;
}
