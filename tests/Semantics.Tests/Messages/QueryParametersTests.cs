using System.Collections.Immutable;
using Granary.Semantics.Messages;

namespace Granary.Tests;

public sealed class QueryParametersTests
{
    private static readonly ImmutableArray<string> Names = ["utm_*", "id"];

    [Theory]
    [InlineData("http://h/p", "http://h/p")]
    [InlineData("http://h/p?", "http://h/p?")]
    [InlineData("http://h/p?a=1&b", "http://h/p?a=1&b")]
    [InlineData("http://h/p?id", "http://h/p")]
    [InlineData("http://h/p?id=1&a=2&utm_x=3&utm_", "http://h/p?a=2")]
    [InlineData("http://h/p?ID=1&ids=2&xid=3&utm=4", "http://h/p?ID=1&ids=2&xid=3&utm=4")]
    [InlineData("http://h/p?a=id=1&&id=2", "http://h/p?a=id=1&")]
    [InlineData("http://h/utm_x?b=?id=3", "http://h/utm_x?b=?id=3")]
    public void The_named_parameters_go_and_all_else_stays(string uri, string expected)
    {
        Assert.Equal(expected, QueryParameters.Without(uri, Names));
        Assert.Equal(uri, QueryParameters.Without(uri, []));
    }
}
