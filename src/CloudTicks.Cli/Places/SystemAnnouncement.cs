using CloudTicks.Verification.Places;

namespace CloudTicks.Cli.Places;

/// <summary>Prints on standard error which system a command is about to change, and which option, variable or folder selected it.</summary>
internal static class SystemAnnouncement
{
    /// <summary>Prints the announcement.</summary>
    /// <param name="servers">The addressed servers by name. The addresses must not contain secrets.</param>
    public static void Write(TargetSystem target, IReadOnlyList<(string Part, Place<string> Place)> servers, TextWriter notes)
    {
        var list = string.Join(", ", servers.Select(server => $"{server.Part} {server.Place.Address}{Reason(server.Place)}"));
        if (servers.Any(server => server.Place.Source == AddressSource.AppHost) && target.RunningAppHost is { } running)
        {
            notes.WriteLine($"System: {SystemSearch.Describe(running)} ({target.Where}): {list}.");
            return;
        }

        var owner = servers.Select(server => Owner(server.Place.Address)).FirstOrDefault(system => system is not null);
        notes.WriteLine(owner is not null ? $"System: {SystemSearch.Describe(owner)}: {list}." : $"System: {list}.");
        if (target.AppHostInFolder() is { } here && here.Folder != owner?.Folder)
        {
            notes.WriteLine($"The AppHost of this folder is not affected: {SystemSearch.Describe(here)}.");
        }
    }

    private static RunningSystem? Owner(string address) =>
        Uri.TryCreate(address.Contains("://", StringComparison.Ordinal) ? address : $"http://{address}", UriKind.Absolute, out var server)
            ? SystemSearch.OwnerOf(server) : null;

    private static string Reason(Place<string> place) => place.Source switch
    {
        AddressSource.AppHost => "",
        AddressSource.Default => " (the default address, because no AppHost is running here)",
        _ => $" ({place.Name})",
    };
}
