using CloudTicks.Cli.Hub;
using CloudTicks.Cli.Places;
using CloudTicks.Lake.Writing;

namespace CloudTicks.Cli.Lakes;

/// <summary>The lake that a command addresses, and the command's console.</summary>
/// <param name="Folder">The lake's folder, or its address in an object store.</param>
/// <param name="IsJson">Whether results are printed as JSON, for programs.</param>
internal sealed record LakeTarget(string Folder, TargetSystem System, HubConsole Console, bool IsJson, TimeProvider Time)
{
    /// <summary>The archive from which the lake is written.</summary>
    /// <exception cref="FormatException">The address of the archive is invalid, or the system is ambiguous.</exception>
    public ArchiveReader Archive() => ArchiveReader.Of(new Servers(System).EventStream(), Time);
}
