namespace Beyla.Agent.Tests;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("--open-port", "80")]
    [InlineData("--open-port=80")]
    public void A_value_follows_a_flag_by_space_or_equals_sign(params string[] arguments)
    {
        var line = CommandLine.Parse(arguments);
        Assert.Empty(line.Errors);
        var given = Assert.Single(line.Values);
        Assert.Equal(("--open-port", "80"), (given.Origin, given.Value));
    }

    [Fact]
    public void All_that_is_wrong_is_said()
    {
        var line = CommandLine.Parse(["--open-port", "--duration=", "--colour", "stray"]);
        Assert.Equal(
            [
                "--open-port needs a value: --open-port PORTS.",
                "--duration needs a value: --duration SECONDS.",
                "'--colour' is not understood; --help lists what is.",
                "'stray' is not understood; --help lists what is.",
            ],
            line.Errors);
    }

    [Fact]
    public void A_regex_may_begin_with_one_dash() =>
        Assert.Equal("-x", Assert.Single(CommandLine.Parse(["--executable-name", "-x"]).Values).Value);

    [Theory]
    [InlineData("-h", true, false)]
    [InlineData("--help", true, false)]
    [InlineData("--version", false, true)]
    public void Help_and_version_are_asked_for_without_a_value(string flag, bool help, bool version)
    {
        var line = CommandLine.Parse([flag]);
        Assert.Equal((help, version), (line.Help, line.Version));
    }
}
