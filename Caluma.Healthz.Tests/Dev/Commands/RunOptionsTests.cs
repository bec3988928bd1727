using Caluma.Healthz.Dev;
using Caluma.Healthz.Dev.Commands;

namespace Caluma.Healthz.Tests.Dev.Commands;

public sealed class RunOptionsTests
{
    [Fact]
    public void By_default_run_stays_and_takes_any_port() => Assert.Equal(new RunOptions(false, false, null), RunOptions.Parse([]));

    [Fact]
    public void Options_may_come_in_any_order_and_a_port_in_two_forms()
    {
        Assert.Equal(new RunOptions(true, true, 8080), RunOptions.Parse(["--port", "8080", "--demo", "--once"]));
        Assert.Equal(new RunOptions(true, false, 65535), RunOptions.Parse(["--once", "--port=65535"]));
    }

    [Theory]
    [InlineData("--port")]
    [InlineData("--port", "")]
    [InlineData("--port", "0")]
    [InlineData("--port", "65536")]
    [InlineData("--port", "-1")]
    [InlineData("--port", "http")]
    [InlineData("--port=")]
    [InlineData("--port=7071.0")]
    [InlineData("--port", "--once")]
    public void A_port_must_be_valid(params string[] args) => Assert.Equal(
        "--port must be a whole number from 1 to 65535, such as --port 7071.",
        Assert.Throws<DevException>(() => RunOptions.Parse(args)).Message);

    [Theory]
    [InlineData("--onec")]
    [InlineData("once")]
    [InlineData("")]
    [InlineData("--port7071")]
    public void An_unknown_option_is_refused_by_its_name(string arg) => Assert.Equal(
        $"{arg} is not an option here; ./dev help lists them.",
        Assert.Throws<DevException>(() => RunOptions.Parse(["--once", arg])).Message);
}
