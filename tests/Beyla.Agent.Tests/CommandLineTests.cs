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
    [InlineData("Help", "-h")]
    [InlineData("Help", "--help")]
    [InlineData("Help", "config", "--help")]
    [InlineData("Version", "--version")]
    [InlineData("Config", "config")]
    [InlineData("ConfigSchema", "config", "schema")]
    [InlineData("Run")]
    public void The_first_words_are_the_command(string command, params string[] arguments)
    {
        var line = CommandLine.Parse(arguments);
        Assert.Empty(line.Errors);
        Assert.Equal(command, line.Command.ToString());
    }

    [Theory]
    [InlineData("-config", "a.yml")]
    [InlineData("--config", "a.yml")]
    [InlineData("-config=a.yml")]
    [InlineData("config", "-config", "a.yml")]
    public void The_file_is_named_with_one_dash_or_two(params string[] arguments)
    {
        var line = CommandLine.Parse(arguments);
        Assert.Empty(line.Errors);
        Assert.Equal("a.yml", line.ConfigFile);
    }

    [Fact]
    public void A_file_must_be_named() => Assert.Equal(["--config needs a value: --config FILE."], CommandLine.Parse(["--config"]).Errors);
}
