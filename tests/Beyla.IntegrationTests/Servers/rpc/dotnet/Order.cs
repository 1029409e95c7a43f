using System.Globalization;
using System.Text;
using Grpc.Core;

namespace RpcProgram;

/// <summary>What the first message of a call asks the server to do.</summary>
internal sealed record Order(int Count, int Size, int Status, int Sleep)
{
    public static Marshaller<byte[]> Bytes { get; } = Marshallers.Create<byte[]>(static message => message, static message => message);

    public static Order Parse(byte[] message)
    {
        var words = Encoding.ASCII.GetString(message).Split(';')
            .Select(static word => word.Split('='))
            .Where(static word => word.Length == 2)
            .ToDictionary(static word => word[0], static word => int.Parse(word[1], CultureInfo.InvariantCulture));
        return new Order(words["count"], words["size"], words["status"], words["sleep"]);
    }

    public void End()
    {
        if (Status != 0)
        {
            throw new RpcException(new Status((StatusCode)Status, "as asked for"));
        }
    }
}
