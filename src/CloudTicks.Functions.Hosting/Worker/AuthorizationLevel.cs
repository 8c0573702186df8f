namespace Microsoft.Azure.Functions.Worker;

/// <summary>
/// Who may call a function over HTTP. This host has no keys: it serves <see cref="Anonymous"/>, and refuses an app that asks for another.
/// </summary>
public enum AuthorizationLevel
{
    /// <summary>Everybody.</summary>
    Anonymous,

    /// <summary>A user who is signed in.</summary>
    User,

    /// <summary>Who has a key of the function.</summary>
    Function,

    /// <summary>Extensions of the runtime.</summary>
    System,

    /// <summary>Who has the app's master key.</summary>
    Admin,
}
