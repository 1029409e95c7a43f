using Beyla.Protocols.Http2.Hpack;
using CsCheck;

namespace Beyla.Core.Tests.Protocols.Http2;

/// <summary>Random header blocks against the encoder that made them.</summary>
public sealed class HpackPropertyTests
{
    private const int Iterations = 500;

    private static readonly Gen<(string Name, string Value)> Field = Gen.Select(
        OneOf(":path", ":status", "content-type", "cookie", "x-trace", "x-b", "grpc-status", "date"),
        Gen.Frequency(
            (4, OneOf("/", "200", "0", "/a/b", "application/grpc")),
            (3, Gen.Char["abc/0:{~ "].Array[0, 30].Select(symbols => new string(symbols))),
            (1, Gen.Int[100, 6000].Select(length => new string('v', length)))));

    private static readonly Gen<(string Name, string Value)[][]> Blocks = Field.Array[0, 8].Array[1, 20];

    [Fact]
    public void Whatever_is_encoded_is_read() =>
        Gen.Select(Blocks, Gen.Int).Sample(
            (blocks, seed) =>
            {
                var model = new HpackModel(new Random(seed));
                var fields = new HeaderCollector();
                var decoder = new HpackDecoder(fields, HpackDecoderTests.Unlimited());
                foreach (var block in blocks)
                {
                    fields.Fields.Clear();
                    Assert.Equal(HpackResult.Complete, decoder.Decode(model.Encode(block)));
                    Assert.Equal(block.Where(Matters), fields.Fields);
                    Assert.True(decoder.Table.IsComplete);
                }
            },
            iter: Iterations);

    [Fact]
    public void What_is_read_after_blocks_were_missed_is_right_or_unknown() =>
        Gen.Select(Blocks, Gen.Int, Gen.Int[0, 100]).Sample(
            (blocks, seed, share) =>
            {
                var random = new Random(seed);
                var model = new HpackModel(new Random(seed));
                var fields = new HeaderCollector();
                var decoder = new HpackDecoder(fields, HpackDecoderTests.Unlimited());
                foreach (var block in blocks)
                {
                    fields.Fields.Clear();
                    var encoded = model.Encode(block);
                    if (random.Next(100) < share)
                    {
                        decoder.Lose();
                        continue;
                    }

                    Assert.Equal(HpackResult.Complete, decoder.Decode(encoded));
                    CheckTruthful(block, fields);
                }
            },
            iter: Iterations);

    [Fact]
    public void Damaged_blocks_never_throw_and_never_grow_the_table() =>
        Gen.Select(Blocks, Gen.Int, Gen.Int[1, 10]).Sample(
            (blocks, seed, damages) =>
            {
                var random = new Random(seed);
                var model = new HpackModel(new Random(seed));
                var decoder = new HpackDecoder(new HeaderCollector(), HpackDecoderTests.Unlimited());
                foreach (var block in blocks)
                {
                    var encoded = model.Encode(block);
                    for (var i = 0; i < damages && encoded.Length > 0; i++)
                    {
                        encoded[random.Next(encoded.Length)] = (byte)random.Next(256);
                    }

                    decoder.Decode(encoded);
                    Assert.InRange(decoder.Table.Size, 0, decoder.Table.MaxSize);
                    Assert.InRange(decoder.Table.HeldBytes, 0, decoder.Table.Size);
                    Assert.InRange(decoder.Table.MaxSize, 0, HpackDynamicTable.MaxKeptSize);
                }
            },
            iter: Iterations);

    [Fact]
    public void Noise_never_throws() =>
        Gen.Byte.Array[0, 200].Array[1, 10].Sample(
            blocks =>
            {
                var decoder = new HpackDecoder(new HeaderCollector(), HpackDecoderTests.Unlimited());
                foreach (var block in blocks)
                {
                    decoder.Decode(block);
                }
            },
            iter: Iterations);

    private static Gen<string> OneOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(i => texts[i]);

    private static bool Matters((string Name, string Value) field) => !field.Name.StartsWith("x-", StringComparison.Ordinal);

    /// <summary>Fields come in their order, so those that are known tell where they stand.</summary>
    private static void CheckTruthful((string Name, string Value)[] block, HeaderCollector seen)
    {
        Assert.InRange(seen.Fields.Count, block.Count(Matters), block.Length);
        var at = 0;
        foreach (var (name, value) in seen.Fields.Where(field => field.Value != HeaderCollector.Unknown))
        {
            at = Array.FindIndex(block, at, field => field.Name == name && field.Value == value);
            Assert.True(at >= 0, $"{name}: {value} was never sent");
            at++;
        }
    }
}
