namespace CloudTicks.Lake.Comparing;

/// <summary>The origin of a compared tick.</summary>
internal enum ComparedSide
{
    /// <summary>The archive.</summary>
    Archive,

    /// <summary>The lake; the tick's record is one of the compared records.</summary>
    FromArchive,

    /// <summary>The lake; the tick was imported, or its record belongs to an earlier archive or follows the compared records.</summary>
    Other,

    /// <summary>The lake; the archive no longer has the tick's record.</summary>
    Gone,
}
