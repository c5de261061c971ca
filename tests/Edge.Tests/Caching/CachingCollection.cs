using Granary.Language;

namespace Granary.Edge.Tests.Caching;

[CollectionDefinition(Name)]
public sealed class CachingCollection : ICollectionFixture<CachingWorld>
{
    public const string Name = "caching";
}
