using Granary.Semantics.Messages;

namespace Granary.Tests;

public sealed class MaxForwardsTests
{
    [Theory, Trait("Spec", "RFC 9110 §7.6.2"), Trait("Kind", "required")]
    [InlineData("OPTIONS", "0", true, "0")]
    [InlineData("TRACE", "000", true, "000")]
    [InlineData("TRACE", "1", false, "0")]
    [InlineData("OPTIONS", "12", false, "11")]
    [InlineData("OPTIONS", "99999999999999999999", false, "999999998")]
    [InlineData("GET", "0", false, "0")]
    [InlineData("options", "0", false, "0")]
    [InlineData("OPTIONS", "", false, "")]
    [InlineData("OPTIONS", "+1", false, "+1")]
    [InlineData("OPTIONS", "0, 5", false, "0, 5")]
    public void A_limit_is_a_number_and_counts_for_OPTIONS_and_TRACE(string method, string value, bool isSpent, string forwarded)
    {
        var request = Given.Request(method, $"Max-Forwards: {value}", "X: y");
        Assert.Equal(isSpent, MaxForwards.IsSpent(request));
        Assert.Equal(forwarded, MaxForwards.Decremented(request).Fields.First("Max-Forwards"));
        Assert.Equal("y", MaxForwards.Decremented(request).Fields.First("X"));
    }

    [Fact]
    public void Without_the_field_there_is_no_limit()
    {
        Assert.False(MaxForwards.IsSpent(Given.Request("OPTIONS")));
        Assert.False(MaxForwards.Decremented(Given.Request("OPTIONS")).Fields.Has("Max-Forwards"));
    }
}
