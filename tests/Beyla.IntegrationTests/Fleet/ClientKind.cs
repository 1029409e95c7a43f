namespace Beyla.IntegrationTests.Fleet;

/// <summary>A kind of client program.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Tool">What runs it, or compiles it.</param>
/// <param name="Program">Script, assembly or source.</param>
/// <param name="Compile">Arguments of the compiler, from source and output directory, whose output is called <c>client</c>; <see langword="null"/> for what needs none.</param>
internal sealed record ClientKind(string Name, Tool Tool, string Program, Func<string, string, IReadOnlyList<string>>? Compile = null)
{
    /// <summary>What it is told after the contract's arguments.</summary>
    public IReadOnlyList<string> Options { get; init; } = [];

    /// <summary>Makes the program ready, and says how it is called.</summary>
    /// <exception cref="InvalidOperationException">It does not compile.</exception>
    public async Task<ProcessSpec> PrepareAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var tool = Tooling.Require(Tool);
        return Compile is null
            ? new ProcessSpec(tool, [Program, .. arguments, .. Options])
            : new ProcessSpec(Path.Combine(await CompiledPrograms.GetAsync(Program, tool, Compile, cancellationToken), "client"), [.. arguments, .. Options]);
    }

    public override string ToString() => Name;
}
