using System.Text;
using Beyla.Protocols.Http2.Hpack;

namespace Beyla.Core.Tests.Protocols.Http2;

/// <summary>An encoder of header blocks that may use every representation of RFC 7541 for every field.</summary>
internal sealed class HpackModel(Random random)
{
    private const int EntryOverhead = 32;

    private readonly List<(string Name, string Value)> _table = [];
    private int _maxSize = 4096;

    internal byte[] Encode(IEnumerable<(string Name, string Value)> fields)
    {
        var block = new List<byte>();
        if (random.Next(10) == 0)
        {
            _maxSize = random.Next(4) switch { 0 => 0, 1 => random.Next(200), 2 => 4096, _ => random.Next(8000) };
            Evict(_maxSize);
            AddInteger(block, 0x20, 5, _maxSize);
        }

        foreach (var (name, value) in fields)
        {
            Add(block, name, value);
        }

        return [.. block];
    }

    private void Add(List<byte> block, string name, string value)
    {
        var whole = Candidates().Where(candidate => candidate.Name == name && candidate.Value == value).Select(candidate => candidate.Index).ToArray();
        if (whole.Length > 0 && random.Next(4) > 0)
        {
            AddInteger(block, 0x80, 7, whole[random.Next(whole.Length)]);
            return;
        }

        var isIndexed = random.Next(2) == 0;
        var named = Candidates().Where(candidate => candidate.Name == name).Select(candidate => candidate.Index).ToArray();
        var index = named.Length > 0 && random.Next(4) > 0 ? named[random.Next(named.Length)] : 0;
        if (isIndexed)
        {
            AddInteger(block, 0x40, 6, index);
        }
        else
        {
            AddInteger(block, random.Next(2) == 0 ? 0x00 : 0x10, 4, index);
        }

        if (index == 0)
        {
            AddString(block, name);
        }

        AddString(block, value);
        if (isIndexed)
        {
            var size = name.Length + value.Length + EntryOverhead;
            Evict(_maxSize - size);
            if (size <= _maxSize)
            {
                _table.Insert(0, (name, value));
            }
        }
    }

    private IEnumerable<(int Index, string Name, string Value)> Candidates()
    {
        for (var i = 1; i <= HpackStaticTable.Count; i++)
        {
            yield return (i, Encoding.ASCII.GetString(HpackStaticTable.Name(i)), Encoding.ASCII.GetString(HpackStaticTable.Value(i)));
        }

        for (var i = 0; i < _table.Count; i++)
        {
            yield return (HpackStaticTable.Count + 1 + i, _table[i].Name, _table[i].Value);
        }
    }

    private void Evict(int size)
    {
        while (_table.Count > 0 && _table.Sum(entry => entry.Name.Length + entry.Value.Length + EntryOverhead) > size)
        {
            _table.RemoveAt(_table.Count - 1);
        }
    }

    private void AddString(List<byte> block, string text)
    {
        var isHuffman = random.Next(2) == 0;
        var bytes = isHuffman ? HuffmanEncoder.Encode(text) : Encoding.Latin1.GetBytes(text);
        AddInteger(block, isHuffman ? 0x80 : 0, 7, bytes.Length);
        block.AddRange(bytes);
    }

    private static void AddInteger(List<byte> block, int pattern, int prefixBits, int value)
    {
        var limit = (1 << prefixBits) - 1;
        if (value < limit)
        {
            block.Add((byte)(pattern | value));
            return;
        }

        block.Add((byte)(pattern | limit));
        for (value -= limit; value >= 0x80; value >>= 7)
        {
            block.Add((byte)(value | 0x80));
        }

        block.Add((byte)value);
    }
}
