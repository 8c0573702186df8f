namespace CloudTicks.CentralHub.Store.Documents;

/// <summary>The database did not confirm a commit: the change may or may not be stored.</summary>
/// <param name="what">The change, for the message: "version 3 of mailer".</param>
public sealed class ConfigCommitException(string what, Exception cause)
    : Exception($"It is not known whether {what} was stored: the database did not confirm the commit.", cause);
