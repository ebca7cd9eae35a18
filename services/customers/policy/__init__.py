"""What a branch decides about its customers' owners: dated versions, the branch's above the company's."""
