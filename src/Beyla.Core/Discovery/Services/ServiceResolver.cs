using System.Globalization;
using Beyla.Attributes;
using Beyla.Discovery.Proc;
using Beyla.Discovery.Selection;
using Beyla.Tracing;

namespace Beyla.Discovery.Services;

/// <summary>
/// Names the service that a selected process is. For the name its own environment counts most, then the selector, then
/// the file name of its executable — also when that is an interpreter, as in Beyla: whoever runs several services of one
/// interpreter names them. For the namespace the selector counts more than the environment.
/// </summary>
internal sealed class ServiceResolver(ProcFs files, string hostName, ResourceSelection? selection = null)
{
    private const string NamespaceAttribute = "service.namespace";
    private const string InstanceAttribute = "service.instance.id";
    private const string UnknownName = "unknown";

    internal ServiceInfo Resolve(int pid, string path, string language, SelectorMatch match)
    {
        var environment = TargetEnvironment.Read(files, pid);
        var attributes = environment.Attributes;
        return new ServiceInfo
        {
            ProcessId = pid,
            Name = environment.ServiceName ?? match.ServiceName ?? FileNameOf(path),
            Namespace = match.ServiceNamespace ?? attributes.GetValueOrDefault(NamespaceAttribute, ""),
            InstanceId = attributes.GetValueOrDefault(InstanceAttribute) ?? InstanceOf(pid),
            Language = language,
            ExecutablePath = path,
            ResourceAttributes = attributes.RemoveRange(attributes.Keys.Where(IsLeftOut)),
            Selection = selection,
        };
    }

    /// <summary>The service of a fork: all that its parent is, but an instance of its own.</summary>
    internal ServiceInfo Fork(ServiceInfo parent, int pid) => parent with
    {
        ProcessId = pid,
        // Instance ids that a parent was given are its children's too: the environment is the same.
        InstanceId = parent.InstanceId == InstanceOf(parent.ProcessId) ? InstanceOf(pid) : parent.InstanceId,
    };

    private bool IsLeftOut(string attribute) =>
        attribute is TargetEnvironment.NameAttribute or NamespaceAttribute or InstanceAttribute || selection?.Shows(attribute) == false;

    private static string FileNameOf(string path)
    {
        var name = path[(path.LastIndexOf('/') + 1)..];
        return name.Length == 0 ? UnknownName : name;
    }

    private string InstanceOf(int pid) => string.Create(CultureInfo.InvariantCulture, $"{hostName}:{pid}");
}
