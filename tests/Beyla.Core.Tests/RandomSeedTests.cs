namespace Beyla.Core.Tests;

public sealed class RandomSeedTests
{
    [Fact]
    public void Every_bit_is_sometimes_set_and_sometimes_not()
    {
        // A bit that is random stays the same a hundred times once in 2^99.
        ulong ever = 0, always = ulong.MaxValue;
        for (var i = 0; i < 100; i++)
        {
            var word = RandomSeed.Next();
            ever |= word;
            always &= word;
        }

        Assert.Equal((ulong.MaxValue, 0UL), (ever, always));
    }
}
