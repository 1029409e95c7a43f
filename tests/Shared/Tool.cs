namespace Beyla.Tests.Shared;

/// <summary>A command that a test needs and the Debian package that has it.</summary>
internal sealed record Tool(string Command, string Package);
