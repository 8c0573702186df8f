namespace CloudTicks.Timescale.Roles;

/// <summary>The roles of database connections; <c>docs/timescale.md</c> lists their rights.</summary>
public enum DatabaseRole
{
    /// <summary>
    /// <c>cloudticks_owner</c> owns the tables; migrations, retention and compression use it. It cannot create databases or roles.
    /// </summary>
    Owner,

    /// <summary><c>cloudticks_writer</c> writes ticks, offsets, gaps, documents, keys and reports. It never deletes a tick.</summary>
    Writer,

    /// <summary><c>cloudticks_reader</c> reads ticks, gaps and offsets, but no keys or documents.</summary>
    Reader,
}
