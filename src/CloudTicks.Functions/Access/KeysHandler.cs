using System.Text.Json;
using CloudTicks.CentralHub.Access;
using CloudTicks.CentralHub.Store.Access;
using CloudTicks.Foundations;
using CloudTicks.Functions.Querying;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;

namespace CloudTicks.Functions.Access;

/// <summary>Creates, lists and revokes keys.</summary>
/// <param name="ring">Receives a notice of each change, so that the change takes effect immediately.</param>
public sealed class KeysHandler(AccessKeyTable table, KeyRing ring, TimeProvider time, ILogger<KeysHandler> logger)
{
    private const int MaxBodyBytes = 4_096;
    private const int MaxListed = 10_000;

    /// <summary>Lists the keys, newest first, at most 10,000.</summary>
    public Task<IActionResult> ListAsync(HttpRequest request, CancellationToken cancellationToken) => DatabaseResponses.RespondAsync(
        request,
        logger,
        async () => Respond(
            StatusCodes.Status200OK, (await table.ListAsync(MaxListed, cancellationToken)).Select(KeyResponse.Of).ToArray()));

    /// <summary>Creates a key.</summary>
    /// <returns>201 with the key; otherwise a problem.</returns>
    public async Task<IActionResult> CreateAsync(HttpRequest request, Caller caller, CancellationToken cancellationToken)
    {
        var body = new byte[MaxBodyBytes + 1];
        var length = await request.Body.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, cancellationToken);
        if (length > MaxBodyBytes)
        {
            return Problem(
                StatusCodes.Status413PayloadTooLarge, "The body is too large.", $"It has more than {new ByteSize(MaxBodyBytes)}.");
        }

        var keyRequest = CreateKeyRequest.Read(body.AsMemory(0, length));
        return keyRequest.Faults.Count > 0
            ? InvalidRequest(keyRequest)
            : await DatabaseResponses.RespondAsync(request, logger, () => CreateAsync(request, keyRequest, caller, cancellationToken));
    }

    /// <summary>Revokes a key.</summary>
    /// <returns>The key; otherwise a problem, such as 404 when the key does not exist.</returns>
    public async Task<IActionResult> RevokeAsync(HttpRequest request, string id, Caller caller, CancellationToken cancellationToken) =>
        AccessKey.IsId(id)
            ? await DatabaseResponses.RespondAsync(request, logger, () => RevokeAsync(id, caller, cancellationToken))
            : Problem(StatusCodes.Status400BadRequest, "This is not the id of a key.",
                $"An id is the 12 hex digits after '{AccessKey.Prefix}'; do not send the key itself.");

    /// <summary>Returns the caller's name and role.</summary>
    public static IActionResult Self(Caller caller) =>
        Respond(
            StatusCodes.Status200OK, new Dictionary<string, string> { ["name"] = caller.Name, ["role"] = RoleNames.Of(caller.Role) });

    private async Task<IActionResult> CreateAsync(
        HttpRequest request, CreateKeyRequest keyRequest, Caller caller, CancellationToken cancellationToken)
    {
        var (id, key) = AccessKey.Create();
        var nowMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        var row = new AccessKeyRow(id, keyRequest.Name, keyRequest.Role, AccessKey.Hash(key), nowMs, caller.Name);
        switch (await table.AddAsync(row, cancellationToken))
        {
            case KeyAddition.NameTaken:
                return Problem(
                    StatusCodes.Status409Conflict, "The name is taken.",
                    $"There is already a key named {keyRequest.Name}: revoke it, or choose another name.");
            case KeyAddition.TooMany:
                return Problem(
                    StatusCodes.Status409Conflict, "There are too many keys.",
                    $"At most {AccessKeyTable.MaxKeys} keys can be valid at a time: revoke some.");
            default:
                ring.Invalidate();
                logger.KeyCreated(caller.Name, id, keyRequest.Name, keyRequest.Role);
                request.HttpContext.Response.Headers[HeaderNames.CacheControl] = "no-store";
                return Respond(StatusCodes.Status201Created, KeyResponse.Of(row) with { Key = key });
        }
    }

    private async Task<IActionResult> RevokeAsync(string id, Caller caller, CancellationToken cancellationToken)
    {
        var row = await table.RevokeAsync(id, caller.Name, time.GetUtcNow().ToUnixTimeMilliseconds(), cancellationToken);
        ring.Invalidate();
        if (row is null)
        {
            return Problem(StatusCodes.Status404NotFound, "There is no such key.", $"No key has the id {id}.");
        }

        logger.KeyRevoked(row.RevokedBy!, id, row.Name);
        return Respond(StatusCodes.Status200OK, KeyResponse.Of(row));
    }

    private static JsonResponse InvalidRequest(CreateKeyRequest body) =>
        JsonResponse.Problem(RequestFault.Of(StatusCodes.Status400BadRequest, "The key cannot be created.", body.Faults));

    private static JsonResponse Problem(int status, string title, string detail) =>
        JsonResponse.Problem(new ProblemDetails { Title = title, Status = status, Detail = detail });

    private static JsonResponse Respond<T>(int status, T value) =>
        new(status, "application/json", JsonSerializer.SerializeToUtf8Bytes(value, KeyResponse.Json));
}
