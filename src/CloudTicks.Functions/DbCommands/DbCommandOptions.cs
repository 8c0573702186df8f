using System.ComponentModel.DataAnnotations;

namespace CloudTicks.Functions.DbCommands;

/// <summary>How <c>POST /db_command</c> marks and checks its records: the section <c>DbCommand</c>.</summary>
public sealed record DbCommandOptions
{
    /// <summary>
    /// Whose ticks they are, <c>polygon</c> (the default) or <c>simulated</c>, where the archive is empty; one that holds records is marked
    /// already, and its mark is kept.
    /// </summary>
    [RegularExpression("(?i)polygon|simulated")]
    public string FeedName { get; init; } = "polygon";

    /// <summary>Whether crossed quotes of currencies and metals are refused, not kept with a flag; default false.</summary>
    public bool RefuseCrossedCurrencies { get; init; }
}
