namespace Microsoft.Azure.Functions.Worker;

/// <summary>
/// Who may call a function over HTTP. This host supports only <see cref="Anonymous"/> and rejects apps with other levels.
/// </summary>
public enum AuthorizationLevel
{
    /// <summary>Every caller.</summary>
    Anonymous,

    /// <summary>An authenticated user.</summary>
    User,

    /// <summary>A caller with a key of the function.</summary>
    Function,

    /// <summary>An extension of the Functions runtime.</summary>
    System,

    /// <summary>A caller with the app's master key.</summary>
    Admin,
}
