using CloudTicks.Cli.Hub;
using CloudTicks.Cli.Places;
using CloudTicks.Lake.Writing;

namespace CloudTicks.Cli.Lakes;

/// <summary>The lake that a command addresses, and the command's console.</summary>
/// <param name="Folder">The lake's folder, or its address in an object store.</param>
/// <param name="IsJson">Whether standard output is for programs.</param>
internal sealed record LakeTarget(string Folder, TargetSystem System, HubConsole Console, bool IsJson, TimeProvider Time)
{
    /// <summary>The archive that the lake is written from.</summary>
    /// <exception cref="FormatException">Its address is invalid, or the system is ambiguous.</exception>
    public ArchiveReader Archive() => ArchiveReader.Of(new Servers(System).EventStream(), Time);
}
