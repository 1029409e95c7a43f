using System.Collections;
using Beyla.Agent;

using var signals = new ShutdownSignals();
var environment = new Dictionary<string, string>(StringComparer.Ordinal);
foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
{
    environment[(string)variable.Key] = (string?)variable.Value ?? "";
}

var program = new AgentProgram(Console.Out, Console.Error, AgentSession.Create, TimeProvider.System);
return await program.RunAsync(args, environment, signals.Token);
