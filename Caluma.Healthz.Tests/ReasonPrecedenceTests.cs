namespace Caluma.Healthz.Tests;

public sealed class ReasonPrecedenceTests
{
    [Fact]
    public void Every_reason_has_one_place() => Assert.Equal(Enum.GetValues<Reason>().Order(), ReasonPrecedence.Order.Order());

    [Theory]
    [InlineData(Reason.Auth, Reason.Connect, Reason.Auth)]
    [InlineData(Reason.Timeout, Reason.Connect, Reason.Connect)]
    [InlineData(Reason.Busy, Reason.Connect, Reason.Busy)]
    [InlineData(Reason.Full, Reason.Busy, Reason.Full)]
    [InlineData(Reason.Auth, Reason.Full, Reason.Auth)]
    [InlineData(Reason.Missing, Reason.Auth, Reason.Missing)]
    [InlineData(Reason.ReadOnly, Reason.Connect, Reason.ReadOnly)]
    [InlineData(Reason.Dns, Reason.Timeout, Reason.Dns)]
    [InlineData(Reason.Unknown, Reason.Timeout, Reason.Timeout)]
    public void The_reason_that_explains_more_wins_in_any_order(Reason one, Reason other, Reason winner)
    {
        Assert.Equal(winner, ReasonPrecedence.First([one, other]));
        Assert.Equal(winner, ReasonPrecedence.First([other, one]));
    }

    [Fact]
    public void No_reasons_are_unknown() => Assert.Equal(Reason.Unknown, ReasonPrecedence.First([]));
}
