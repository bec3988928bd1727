using Caluma.Healthz.Dev;
using Caluma.Healthz.Dev.Commands;

namespace Caluma.Healthz.Tests.Dev.Commands;

public sealed class RunOptionsTests
{
    [Fact]
    public void By_default_run_stays_and_takes_any_port() => Assert.Equal(new RunOptions(false, false, false, null), Parse([]));

    [Fact]
    public void Options_may_come_in_any_order_and_a_port_in_two_forms()
    {
        Assert.Equal(new RunOptions(true, true, false, 8080), Parse(["--port", "8080", "--demo", "--once"]));
        Assert.Equal(new RunOptions(true, false, true, 65535), Parse(["--native", "--once", "--port=65535"]));
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
        Assert.Throws<DevException>(() => Parse(args)).Message);

    [Theory]
    [InlineData("--onec")]
    [InlineData("once")]
    [InlineData("")]
    [InlineData("--port7071")]
    public void An_unknown_option_is_refused_by_its_name(string arg) => Assert.Equal(
        $"{arg} is not an option here; ./dev help lists them.",
        Assert.Throws<DevException>(() => Parse(["--once", arg])).Message);

    [Fact]
    public void The_Functions_app_has_no_native_form() => Assert.Equal(
        "--native goes with ./dev run: the Functions app has no native form.",
        Assert.Throws<DevException>(() => RunOptions.Parse(["--native"], FrontDoor.Functions)).Message);

    private static RunOptions Parse(IReadOnlyList<string> args) => RunOptions.Parse(args, FrontDoor.Server);
}
