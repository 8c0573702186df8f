using CloudTicks.EventHub.Broker;
using CloudTicks.EventHub.Wal;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Apis;

/// <summary>
/// InitProducerId, key 22, versions 0 to 3: returns a new producer id with epoch 0. A request with a transactional id gets an error that no
/// client retries.
/// </summary>
internal sealed class InitProducerIdApi(BrokerNode broker) : Api(ApiKey.InitProducerId, 0, 3, firstFlexible: 2)
{
    public override async ValueTask HandleAsync(Request request, Response response, CancellationToken cancellationToken)
    {
        var transactionalId = request.Reader().ReadNullableString();
        var (error, id) = (ErrorCode.TransactionalIdAuthorizationFailed, -1L);
        if (transactionalId is null)
        {
            try
            {
                (error, id) = (ErrorCode.None, await broker.Storage.ProducerIds.TakeAsync(cancellationToken));
            }
            catch (LogUnavailableException e) when (e.Reason == LogFailure.DiskFull)
            {
                error = ErrorCode.CoordinatorNotAvailable; // clients retry this error; few retry error 56
            }
        }

        response.Body.WriteInt32(0);
        response.Body.WriteError(error);
        response.Body.WriteInt64(id);
        response.Body.WriteInt16((short)(error == ErrorCode.None ? 0 : -1));
    }
}
