using CrmServerless.Crm.Accounts;
using CrmServerless.Crm.Messaging;
using CrmServerless.Crm.Storage;
using CrmServerless.Tests.Contracts;
using CrmServerless.Tests.Support;
using CrmServerless.WeChat.Api;
using Moq;

namespace CrmServerless.Tests.Stages;

/// <summary>What instances share about WeChat, in the document store.</summary>
public sealed class DocumentsStateTests : SharedStateContract, IDisposable
{
    private readonly TempStore store = new();

    protected override ISharedState State => new DocumentsState(store.Documents);

    public void Dispose() => store.Dispose();

    [Fact]
    public async Task It_lies_in_the_collection_work_in_a_partition_of_its_account()
    {
        await State.Write("main", "token", "{}"u8.ToArray(), null, default);
        Assert.NotNull(await store.Documents.Read(Collections.Work, "main|wechat", "token", default));
    }

    [Fact]
    public async Task A_store_that_does_not_answer_is_said_to_be_down()
    {
        var down = new Mock<IDocuments>();
        down.Setup(d => d.Read(It.IsAny<string>(), It.IsAny<string>(), It.IsAny<string>(), It.IsAny<CancellationToken>())).Throws(new TransientException("busy"));
        down.Setup(d => d.Create(It.IsAny<string>(), It.IsAny<Document>(), It.IsAny<CancellationToken>())).Throws(new TransientException("busy"));
        down.Setup(d => d.Replace(It.IsAny<string>(), It.IsAny<Document>(), It.IsAny<string>(), It.IsAny<CancellationToken>())).Throws(new TransientException("busy"));
        var state = new DocumentsState(down.Object);
        await Assert.ThrowsAsync<SharedStateException>(() => state.Read("main", "token", default).AsTask());
        await Assert.ThrowsAsync<SharedStateException>(() => state.Write("main", "token", "{}"u8.ToArray(), null, default).AsTask());
        await Assert.ThrowsAsync<SharedStateException>(() => state.Write("main", "token", "{}"u8.ToArray(), "1", default).AsTask());
    }
}
