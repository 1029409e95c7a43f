using System.Runtime.InteropServices;

namespace Beyla.Native;

internal static unsafe class Utf8
{
    internal static string ToString(byte* text) => Marshal.PtrToStringUTF8((nint)text) ?? "";
}
