using CloudTicks.Cli.Places;
using CloudTicks.Lake;

namespace CloudTicks.Cli.Sql;

/// <summary>
/// Finds the folder of the lake: the option, else <c>Lake__Folder</c>, else that of the running AppHost, else, when no AppHost is running,
/// the only one in the default data folder.
/// </summary>
internal static class LakeLocation
{
    public const string Variable = "Lake__Folder";

    private const string AddressVariable = "Lake__Address";
    private const string LakeFolderName = "lake";

    /// <summary>
    /// The address of a lake in an object store: the option, or <c>Lake__Address</c> without the option; null if there is no such
    /// address.
    /// </summary>
    public static string? FindAddress(string? option) =>
        (option ?? Environment.GetEnvironmentVariable(AddressVariable)) is { } place && LakeStores.IsAddress(place) ? place : null;

    /// <param name="option">The folder that the command line names.</param>
    /// <param name="target">The addressed system.</param>
    /// <param name="createsFolder">Whether the named folder may be missing, because the command creates it.</param>
    /// <returns>The folder; null when there is no lake.</returns>
    /// <exception cref="FormatException">The named folder does not exist, the system is ambiguous, or there are several lakes.</exception>
    public static string? Find(string? option, TargetSystem target, bool createsFolder = false)
    {
        if ((option ?? Environment.GetEnvironmentVariable(Variable)) is { Length: > 0 } named)
        {
            return createsFolder || Directory.Exists(named) ? Path.GetFullPath(named)
                : throw new FormatException($"{(option is null ? Variable : SqlCommand.LakeOption)} names {named}, which is not a folder.");
        }

        // AppHost stores the lake of a feed next to the feed's folder.
        if (target.RunningAppHost is { } system)
        {
            var folder = Path.Combine(Path.GetDirectoryName(system.Folder)!, LakeFolderName, system.Feed);
            return Directory.Exists(folder) ? folder : null;
        }

        var lakesFolder = new DirectoryInfo(Path.Combine(SystemSearch.DefaultDataFolder, LakeFolderName));
        return !lakesFolder.Exists ? null : lakesFolder.GetDirectories() switch
        {
            [] => null,
            [var only] => only.FullName,
            var several => throw new FormatException(
                $"There are several lakes: choose one with {SqlCommand.LakeOption} "
                    + $"{string.Join(" or ", several.Select(folder => folder.FullName))}."),
        };
    }
}
