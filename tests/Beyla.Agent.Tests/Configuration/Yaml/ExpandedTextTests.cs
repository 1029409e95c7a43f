using Beyla.Agent.Configuration.Yaml;
using CsCheck;

namespace Beyla.Agent.Tests.Configuration.Yaml;

public sealed class ExpandedTextTests
{
    [Theory]
    [InlineData("a: ${NAME}", "a: value")]
    [InlineData("a: ${env:NAME}!", "a: value!")]
    [InlineData("${NAME}${NAME}", "valuevalue")]
    [InlineData("${NAME:-other}", "value")]
    [InlineData("${EMPTY:-other one}", "other one")]
    [InlineData("${NONE:-}", "")]
    [InlineData("${env:NONE:-http://x:1/?a=b}", "http://x:1/?a=b")]
    [InlineData("[${EMPTY}]", "[]")]
    [InlineData("$${NAME}", "${NAME}")]
    [InlineData("$$${NAME}", "$${NAME}")]
    [InlineData("$NAME $$ $", "$NAME $$ $")]
    [InlineData("${}", "${}")]
    [InlineData("${1A}", "${1A}")]
    [InlineData("${A B}", "${A B}")]
    [InlineData("${NAME", "${NAME")]
    [InlineData("${NAME:-a\n}", "${NAME:-a\n}")]
    [InlineData("/user/{id} $${", "/user/{id} $${")]
    [InlineData("", "")]
    public void References_are_replaced_and_nothing_else(string source, string expected) => Assert.Equal(expected, Expand(source).Text);

    [Fact]
    public void A_place_in_the_result_is_led_back_to_the_file()
    {
        var text = Expand("${LINES}\r\na: ${NAME} # b\nc: $${X}d");
        Assert.Equal("one\ntwo\nthree\r\na: value # b\nc: ${X}d", text.Text);
        Check("two", "1:1");
        Check("\r\na", "1:9");
        Check("a:", "2:1");
        Check("value", "2:4");
        Check("# b", "2:12");
        Check("c:", "3:1");
        Check("${X}", "3:5");
        Check("d", "3:9");

        void Check(string at, string expected) =>
            Assert.Equal($"{Configured.File}:{expected}", text.PositionOf(text.Text.IndexOf(at, StringComparison.Ordinal)).ToString());
    }

    [Fact]
    public void A_reference_that_stands_for_nothing_is_told_outside_of_comments()
    {
        var text = Expand("a: ${NONE} # ${NONE}\n# ${NONE}\nb: ${NONE:-x}${EMPTY}");
        Assert.Equal(["NONE at beyla.yml:1:4", "EMPTY at beyla.yml:3:14"], text.Unset.Select(unset => $"{unset.Variable} at {unset.Position}"));
    }

    [Fact]
    public void An_escaped_text_stands_for_itself() => Gen.String[Gen.OneOf('$', '{', '}', 'A', ':', '-', ' ')]
        .Sample(text => Assert.Equal(text, Expand(VariableReference.Escape(text)).Text));

    private static ExpandedText Expand(string source) => new(
        Configured.File, source, Configured.Environment(("NAME", "value"), ("EMPTY", ""), ("LINES", "one\ntwo\nthree"), ("A", "a")));
}
